"""What employers do about registering, wages, paying and lending their name."""

from __future__ import annotations

from dauhieu.country.behaviours.deed import Deed

FIRM = "block IN ('private', 'foreign_invested', 'cooperative')"

DEEDS = (
    # Registering
    Deed("unregistered", "SI-EMP-01", 7000, f"{FIRM} AND size BETWEEN 5 AND 80", at_least=12),
    Deed("late_registration", "SI-EMP-01", 8000, f"{FIRM} AND size >= 15", at_least=8),
    Deed("hidden_staff", "SI-EMP-03", 16000, f"{FIRM} AND size >= 20", at_least=12),
    Deed("staff_as_casual", "SI-EMP-03", 4000, f"{FIRM} AND size >= 15", innocent=True, at_least=5),
    Deed("foreign_only", "SI-EMP-01", 4000, f"{FIRM} AND size BETWEEN 3 AND 20", innocent=True, at_least=6),
    Deed("under_parent_code", "SI-EMP-01", 4000, f"{FIRM} AND size BETWEEN 5 AND 80", innocent=True, at_least=6),
    # Wages
    Deed("wage_at_floor", "SI-EMP-04", 20000, f"{FIRM} AND size >= 5", at_least=15),
    Deed("wage_below_floor", "SI-EMP-05", 4000, f"{FIRM} AND size BETWEEN 3 AND 60", at_least=5),
    Deed("part_time_staff", "SI-EMP-05", 3000, "size BETWEEN 4 AND 60", innocent=True, at_least=4),
    # Paying
    Deed("chronic_late", "SI-EMP-06", 14000, "size >= 5", at_least=14),
    Deed("evader", "SI-EMP-07", 7000, f"{FIRM} AND size >= 8", at_least=10),
    Deed("keeps_deductions", "SI-EMP-08", 5000, f"{FIRM} AND size >= 15", at_least=8),
    Deed("payment_plan", "SI-EMP-06", 3000, "size >= 5", innocent=True, at_least=5),
    Deed("phoenix", "SI-EMP-24", 4000, f"{FIRM} AND size BETWEEN 8 AND 120", at_least=6),
    Deed("lawful_restructuring", "SI-EMP-24", 1500, f"{FIRM} AND size BETWEEN 8 AND 120", innocent=True, at_least=3),
    # Lending the name for benefits
    Deed("ghost_maternity", "SI-EMP-11", 3000, f"{FIRM} AND size BETWEEN 2 AND 12", at_least=8),
    Deed("maternity_cluster", "SI-BEN-04", 2500, f"{FIRM} AND size BETWEEN 1 AND 8", at_least=6),
    Deed(
        "female_salon",
        "SI-BEN-04",
        2500,
        "sector IN ('S96', 'P85', 'C14') AND size BETWEEN 2 AND 12",
        innocent=True,
        at_least=4,
    ),
    Deed("ghost_staff", "SI-EMP-11", 3000, f"{FIRM} AND size BETWEEN 8 AND 60", at_least=7),
    Deed("shell", "SI-EMP-11", 3000, f"{FIRM} AND size BETWEEN 4 AND 25", at_least=7),
    Deed("start_up", "SI-EMP-11", 2000, f"{FIRM} AND size BETWEEN 4 AND 25", innocent=True, at_least=4),
    Deed("backdating", "SI-EMP-13", 3000, f"{FIRM} AND size >= 4", at_least=6),
    Deed("raise_before_benefit", "SI-EMP-14", 4000, f"{FIRM} AND size >= 8", at_least=7),
    Deed("hazard_title", "SI-EMP-16", 3000, "size >= 15 AND hazard_pct > 0", at_least=6),
    Deed("leave_papers", "SI-EMP-23", 5000, f"{FIRM} AND size >= 20", at_least=7),
    Deed("outbreak", "SI-EMP-23", 2500, "size >= 20", innocent=True, at_least=4),
    Deed("sham_termination", "UI-EMP-02", 4000, f"{FIRM} AND size >= 15", at_least=6),
    Deed(
        "seasonal_plant",
        "UI-EMP-02",
        4000,
        "sector IN ('C10', 'C14', 'C15', 'C16', 'F41') AND size >= 15",
        innocent=True,
        at_least=5,
    ),
    Deed("group_leave_account", "X-BRK-03", 2500, "size >= 10", innocent=True, at_least=3),
)
