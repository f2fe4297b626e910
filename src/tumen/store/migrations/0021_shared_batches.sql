-- A batch that several senders lodged together (sender '*') is nobody's own: when it was recorded, and
-- by which law, each of them may know, and whoever else lodges. Whose a document is stands on its row.
CREATE POLICY shared ON batch FOR SELECT TO tumen_app USING (
    sender = '*' AND current_setting('tumen.sender', true) <> ''
);
-- How many documents it has would tell what others lodged.
REVOKE SELECT (documents) ON batch FROM tumen_app;
