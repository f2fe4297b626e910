-- Each end of a journey decides its own declaration, and sees it alone: an export is before the economy
-- that sends (0011), all else before the one that receives. 0010 showed the receiving one both.
DROP POLICY authority ON goods_shipment;
CREATE POLICY authority ON goods_shipment FOR SELECT TO tumen_app USING (
    destination = (SELECT authority_economy())
    AND NOT starts_with(coalesce(regime_asked, ''), 'export'));

-- What a person used of an allowance before is told of purchases at other platforms too: it is for the
-- authorities. A filer is told what its own declarations took.
CREATE FUNCTION told_used(used_fen bigint) RETURNS bigint LANGUAGE sql STABLE RETURN
    CASE WHEN is_told_all() THEN used_fen END;

-- Whose the number of a journey is: the sender's of the first waybill that was taken under it.
CREATE INDEX ON waybill (waybill_number);
