"""What the database itself keeps true of the working year: signed papers, the end and the length of a pair."""

from django.db import migrations, models

KEEP_PAPER = """
CREATE FUNCTION mentorship_keep_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The card a paper lies on may change: two cards of one person become one.
    IF TG_OP = 'UPDATE' AND (
        to_jsonb(NEW) - 'participant_id' = to_jsonb(OLD) - 'participant_id'
        OR OLD.{ended} IS NULL AND NEW.{ended} IS NOT NULL
            AND to_jsonb(NEW) - '{ended}' - '{reason}' = to_jsonb(OLD) - '{ended}' - '{reason}'
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a recorded {name} is never changed or deleted: it can only be ended, once'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER {name}_is_kept BEFORE UPDATE OR DELETE ON mentorship_{name}
    FOR EACH ROW EXECUTE FUNCTION mentorship_keep_{name}();
"""
DROP_PAPER = """
DROP TRIGGER {name}_is_kept ON mentorship_{name};
DROP FUNCTION mentorship_keep_{name}();
"""
ADDENDUM = {"name": "addendum", "ended": "ended_on", "reason": "end_reason"}
NOTICE = {"name": "notice", "ended": "revoked_on", "reason": "revoke_reason"}

# Until now a pair ended early only when its order was cancelled; the others have run their term.
GROUNDS = """
UPDATE mentorship_pair SET closing_ground = CASE WHEN planned_ends_on IS NULL THEN 'term' ELSE 'cancelled' END
    WHERE state = 'closed';
SET CONSTRAINTS ALL IMMEDIATE;
"""

# Asked at the end of the transaction: approval moves the pair, the extension and the order in one.
BY_ORDER = """
CREATE FUNCTION mentorship_pair_changes_by_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'active' AND NEW.ends_on > OLD.ends_on AND NOT EXISTS (
        SELECT 1 FROM mentorship_extension one JOIN orders_order paper ON paper.id = one.order_id
        WHERE one.pair_id = NEW.id AND one.state = 'done' AND one.ends_on = NEW.ends_on AND paper.state = 'approved'
    ) THEN
        RAISE EXCEPTION 'a pair in force is extended only by an approved order'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.ended_by_id IS NOT NULL OR (NEW.state = 'closed' AND NEW.closing_ground <> 'cancelled')) AND NOT EXISTS (
        SELECT 1 FROM orders_order paper WHERE paper.id = NEW.ended_by_id AND paper.state = 'approved'
    ) THEN
        RAISE EXCEPTION 'a pair is ended before its term only by an approved order'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pair_changes_by_order AFTER UPDATE ON mentorship_pair
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.state = 'active' AND OLD.ends_on IS DISTINCT FROM NEW.ends_on)
    EXECUTE FUNCTION mentorship_pair_changes_by_order();
"""
DROP_BY_ORDER = """
DROP TRIGGER pair_changes_by_order ON mentorship_pair;
DROP FUNCTION mentorship_pair_changes_by_order();
"""

FINAL = """
CREATE FUNCTION mentorship_closed_pair_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a closed pair is history: it is not opened again and its end is not moved'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER pair_closed_is_final BEFORE UPDATE ON mentorship_pair FOR EACH ROW WHEN (
    OLD.state = 'closed' AND (
        NEW.state <> 'closed' OR NEW.ends_on <> OLD.ends_on OR NEW.closing_ground <> OLD.closing_ground
        OR NEW.ended_by_id IS DISTINCT FROM OLD.ended_by_id
    )
) EXECUTE FUNCTION mentorship_closed_pair_is_final();
"""
DROP_FINAL = """
DROP TRIGGER pair_closed_is_final ON mentorship_pair;
DROP FUNCTION mentorship_closed_pair_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("mentorship", "0007_working_year")]

    operations = [
        migrations.RunSQL(GROUNDS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="pair",
            constraint=models.CheckConstraint(
                condition=~models.Q(state="closed") | ~models.Q(closing_ground=""),
                name="pair_closed_has_ground",
                violation_error_message="У завершённой пары должно быть основание завершения.",
            ),
        ),
        migrations.RunSQL(BY_ORDER, DROP_BY_ORDER),
        migrations.RunSQL(FINAL, DROP_FINAL),
        migrations.RunSQL(KEEP_PAPER.format(**ADDENDUM), DROP_PAPER.format(**ADDENDUM)),
        migrations.RunSQL(KEEP_PAPER.format(**NOTICE), DROP_PAPER.format(**NOTICE)),
    ]
