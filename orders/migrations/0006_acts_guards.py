"""Stamps by order where the letterhead had a layout, and marks of an introduced act, which never change."""

from django.db import migrations

STAMPS = "UPDATE orders_letterhead SET stamp = 'order' WHERE stamp NOT IN ('order', 'head');"

# The share lock makes a mark that is being written wait for an approval under way, and the other way round.
KEEP_MARKS = """
CREATE FUNCTION orders_keep_marks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paper bigint;
    standing varchar;
BEGIN
    FOREACH paper IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'DELETE' THEN NEW.act_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.act_id END
    ] LOOP
        SELECT state INTO standing FROM orders_localact WHERE id = paper FOR SHARE;
        IF standing <> 'draft' THEN
            RAISE EXCEPTION 'agreement marks of an introduced act never change (%)', TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER marks_of_introduced_act_are_kept BEFORE INSERT OR UPDATE OR DELETE ON orders_actmark
    FOR EACH ROW EXECUTE FUNCTION orders_keep_marks();
"""
DROP_MARKS = """
DROP TRIGGER marks_of_introduced_act_are_kept ON orders_actmark;
DROP FUNCTION orders_keep_marks();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_acts")]

    operations = [
        migrations.RunSQL(STAMPS, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP_MARKS, DROP_MARKS),
    ]
