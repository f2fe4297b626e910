"""The native shipment: what a seller, a broker or a program asks the law about."""
