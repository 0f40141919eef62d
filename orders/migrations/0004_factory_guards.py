"""Keys of verification for the orders there are, the last day of a superseded act, scans that are never rewritten."""

from django.db import migrations

# Approved orders are frozen: the column is new, so only here may it be filled.
TOKENS = """
ALTER TABLE orders_order DISABLE TRIGGER approved_order_is_kept;
UPDATE orders_order SET token = replace(gen_random_uuid()::text, '-', '');
ALTER TABLE orders_order ENABLE TRIGGER approved_order_is_kept;
CREATE UNIQUE INDEX order_token_once ON orders_order (token);
"""
DROP_TOKENS = "DROP INDEX order_token_once;"

KEEP_ACT = """
CREATE OR REPLACE FUNCTION orders_keep_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'state' {loose} = to_jsonb(OLD) - 'state' {loose}
            AND (NEW.state = OLD.state OR (OLD.state = 'in_force' AND NEW.state = 'superseded')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an act in force is changed only by its next edition and another order (%)', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

KEEP_SCAN = """
CREATE FUNCTION orders_keep_scan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'withdrawn_at' = to_jsonb(OLD) - 'withdrawn_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a scan of a signed order is never rewritten: it is withdrawn and another one is added (%)', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER signed_scan_is_kept BEFORE UPDATE OR DELETE ON orders_signedscan
    FOR EACH ROW EXECUTE FUNCTION orders_keep_scan();
"""
DROP_SCAN = """
DROP TRIGGER signed_scan_is_kept ON orders_signedscan;
DROP FUNCTION orders_keep_scan();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_factory")]

    operations = [
        migrations.RunSQL(TOKENS, DROP_TOKENS),
        migrations.RunSQL(KEEP_ACT.format(loose="- 'in_force_until'"), KEEP_ACT.format(loose="")),
        migrations.RunSQL(KEEP_SCAN, DROP_SCAN),
    ]
