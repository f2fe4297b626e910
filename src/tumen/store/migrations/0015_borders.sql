-- Each end of a journey decides its own declaration, and sees it alone: an export is before the economy
-- that sends (0011), all else before the one that receives. 0010 showed the receiving one both.
DROP POLICY authority ON goods_shipment;
CREATE POLICY authority ON goods_shipment FOR SELECT TO tumen_app USING (
    destination = (SELECT authority_economy())
    AND NOT starts_with(coalesce(regime_asked, ''), 'export'));
