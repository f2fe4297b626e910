"""Law as data, and the code that computes with it: columns in, columns out, no documents."""
