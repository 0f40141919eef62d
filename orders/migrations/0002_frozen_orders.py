"""What the database itself keeps true: an approved order, its clauses, its files and an act in force never change."""

from django.db import migrations

KEEP_ORDER = """
CREATE FUNCTION orders_keep_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) = to_jsonb(OLD) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an approved order is neither changed nor deleted: another order amends it (%)', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER approved_order_is_kept BEFORE UPDATE OR DELETE ON orders_order
    FOR EACH ROW WHEN (OLD.state = 'approved') EXECUTE FUNCTION orders_keep_order();
"""
DROP_ORDER = """
DROP TRIGGER approved_order_is_kept ON orders_order;
DROP FUNCTION orders_keep_order();
"""

# The share lock makes a clause that is being written wait for an approval under way, and the other way round.
KEEP_CLAUSES = """
CREATE FUNCTION orders_keep_clauses() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paper bigint;
    standing varchar;
BEGIN
    FOREACH paper IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'DELETE' THEN NEW.order_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.order_id END
    ] LOOP
        SELECT state INTO standing FROM orders_order WHERE id = paper FOR SHARE;
        IF standing = 'approved' THEN
            RAISE EXCEPTION 'clauses of an approved order never change (%)', TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER clauses_of_approved_order_are_kept BEFORE INSERT OR UPDATE OR DELETE ON orders_clause
    FOR EACH ROW EXECUTE FUNCTION orders_keep_clauses();
"""
DROP_CLAUSES = """
DROP TRIGGER clauses_of_approved_order_are_kept ON orders_clause;
DROP FUNCTION orders_keep_clauses();
"""

KEEP_FILES = """
CREATE FUNCTION orders_keep_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM orders_order WHERE id = NEW.order_id AND state = 'approved') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'files are made of approved orders only, once, and stay as they were made (%)', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER order_file_is_kept BEFORE INSERT OR UPDATE OR DELETE ON orders_orderfile
    FOR EACH ROW EXECUTE FUNCTION orders_keep_file();
"""
DROP_FILES = """
DROP TRIGGER order_file_is_kept ON orders_orderfile;
DROP FUNCTION orders_keep_file();
"""

KEEP_ACT = """
CREATE FUNCTION orders_keep_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state'
            AND (NEW.state = OLD.state OR (OLD.state = 'in_force' AND NEW.state = 'superseded')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an act in force is changed only by its next edition and another order (%)', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER act_in_force_is_kept BEFORE UPDATE OR DELETE ON orders_localact
    FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION orders_keep_act();
"""
DROP_ACT = """
DROP TRIGGER act_in_force_is_kept ON orders_localact;
DROP FUNCTION orders_keep_act();
"""

TABLES = ("orders_order", "orders_clause", "orders_orderfile", "orders_localact")
KEEP_TABLES = """
CREATE FUNCTION orders_keep_table() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % holds approved papers and is never emptied', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "\n".join(
    f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION orders_keep_table();"
    for table in TABLES
)
DROP_TABLES = (
    "\n".join(f"DROP TRIGGER {table}_is_never_emptied ON {table};" for table in TABLES)
    + "\nDROP FUNCTION orders_keep_table();"
)


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(KEEP_ORDER, DROP_ORDER),
        migrations.RunSQL(KEEP_CLAUSES, DROP_CLAUSES),
        migrations.RunSQL(KEEP_FILES, DROP_FILES),
        migrations.RunSQL(KEEP_ACT, DROP_ACT),
        migrations.RunSQL(KEEP_TABLES, DROP_TABLES),
    ]
