"""What facilities and practitioners do to bills, records and leave papers.

A deed is done where it pays: nobody admits light cases for money in a hospital of three beds.
"""

from __future__ import annotations

from dauhieu.country.behaviours.deed import Deed

HOSPITAL = "level IN ('basic', 'specialised')"
WARDS = f"{HOSPITAL} AND yearly_stays >= 200"
# A jump shows against the same quarter a year before, which only windows of sixteen months and more hold.
YEAR_BEFORE = f"{HOSPITAL} AND yearly_stays >= 300 AND $months >= 16"
SURGERY = "level = 'specialised' AND yearly_stays >= 200"
# Bills for collected cards pass where there are many others: in the busier quarter of the hospitals.
BUSIER = f"(SELECT quantile_disc(yearly_visits, 0.75) FROM facility_sized WHERE {HOSPITAL})"
BUSY = f"{HOSPITAL} AND yearly_visits >= {BUSIER}"

FACILITY_DEEDS = (
    Deed("ghost_patients", "HI-FAC-01", 15000, BUSY, at_least=6),
    Deed("case_mix_jump", "HI-FAC-03", 12000, YEAR_BEFORE, at_least=5),
    Deed("new_department", "HI-FAC-03", 6000, YEAR_BEFORE, innocent=True, at_least=3),
    Deed("light_admissions", "HI-FAC-05", 20000, WARDS, at_least=7),
    Deed("stretched_stays", "HI-FAC-05", 20000, WARDS, at_least=7),
    Deed("rehabilitation", "HI-FAC-05", 8000, WARDS, innocent=True, at_least=4),
    Deed("readmissions", "HI-FAC-07", 15000, WARDS, at_least=6),
    Deed("chemotherapy", "HI-FAC-07", 8000, SURGERY, innocent=True, at_least=4),
    Deed("implant_without_procedure", "HI-FAC-14", 8000, SURGERY, at_least=5),
    Deed("serial_twice", "HI-FAC-14", 8000, SURGERY, at_least=5),
    Deed("model_as_serial", "HI-FAC-14", 5000, SURGERY, innocent=True, at_least=2),
    Deed("phantom_drugs", "HI-FAC-02", 20000, f"{HOSPITAL} AND yearly_visits >= 800", at_least=8),
    Deed("central_purchase", "HI-FAC-02", 8000, f"{HOSPITAL} AND yearly_visits >= 800", innocent=True, at_least=3),
    Deed("phantom_operation", "HI-FAC-02", 12000, HOSPITAL, at_least=5),
    Deed("busy_machine", "HI-FAC-06", 12000, HOSPITAL, at_least=6),
    Deed("analyser_default_code", "HI-FAC-06", 6000, HOSPITAL, innocent=True, at_least=3),
    Deed("split_visits", "HI-FAC-07", 15000, "yearly_visits >= 300", at_least=6),
    Deed("late_sending", "HI-FAC-12", 25000, at_least=8),
    Deed("network_outage", "HI-FAC-12", 8000, innocent=True, at_least=4),
    Deed("commune_pickups", "HI-FAC-13", 12000, HOSPITAL, at_least=6),
    Deed("charity_campaign", "HI-FAC-13", 6000, HOSPITAL, innocent=True, at_least=3),
    Deed("certificate_mill", "SI-FAC-01", 3000, "level <> 'specialised'", at_least=4),
    Deed("factory_clinic", "SI-FAC-01", 3000, "level <> 'specialised'", innocent=True, at_least=4),
)

DOCTOR = "kind = 'doctor' AND deed_of_facility = ''"

PRACTITIONER_DEEDS = (
    Deed("sells_papers", "SI-FAC-01", 500, DOCTOR, at_least=4),
    Deed("licence_lost", "HI-PRA-01", 4000, DOCTOR, at_least=8),
    Deed("register_behind", "HI-PRA-01", 2000, DOCTOR, innocent=True, at_least=3),
    Deed("impossible_days", "HI-PRA-02", 4000, f"{DOCTOR} AND level <> 'initial'", at_least=8),
    Deed("supervises_trainees", "HI-PRA-02", 2000, f"{DOCTOR} AND level = 'specialised'", innocent=True, at_least=3),
    Deed("two_places", "HI-PRA-02", 3000, f"{DOCTOR} AND level <> 'initial'", at_least=6),
    Deed("works_on_leave", "HI-PRA-02", 3000, DOCTOR, at_least=6),
    Deed("signs_while_abroad", "HI-PRA-02", 2500, DOCTOR, at_least=5),
    Deed("signs_after_death", "HI-PRA-02", 1500, DOCTOR, at_least=3),
)
