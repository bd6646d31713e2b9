"""Health facilities by level, their departments, machines and practitioners."""

from __future__ import annotations

from dauhieu.country.behaviours.deed import assign
from dauhieu.country.behaviours.facilities import FACILITY_DEEDS, PRACTITIONER_DEEDS
from dauhieu.country.levels import DOES
from dauhieu.country.reach import make_reach
from dauhieu.country.world import World

STAFF = "CASE level WHEN 'initial' THEN 2 WHEN 'basic' THEN 8 ELSE 16 END"
# The scope of a licence by the post it is held for: kind, level of the facility and number of the post.
GENERAL = "Khám bệnh, chữa bệnh đa khoa"
TRADITIONAL = "Khám bệnh, chữa bệnh bằng Y học cổ truyền"
LICENCE_SCOPE = f"""
    CASE WHEN kind = 'midwife' THEN 'Hộ sinh'
         WHEN kind = 'technician' THEN CASE WHEN k = 3 THEN 'Kỹ thuật Hình ảnh y học'
             ELSE 'Kỹ thuật Xét nghiệm y học' END
         WHEN level = 'initial' THEN CASE k WHEN 0 THEN '{GENERAL}' ELSE '{TRADITIONAL}' END
         WHEN k = 5 THEN '{TRADITIONAL}'
         WHEN k = 7 THEN 'Khám bệnh, chữa bệnh chuyên khoa Răng hàm mặt'
         ELSE '{GENERAL}; chuyên khoa ' || CASE WHEN k IN (1, 10, 15) THEN 'Ngoại khoa'
             WHEN k IN (2, 11) THEN 'Sản phụ khoa' WHEN k IN (4, 14) THEN 'Chẩn đoán hình ảnh' ELSE 'Nội khoa' END
         END"""
MACHINES = ("HH", "SH", "VS", "XQ", "SA", "DC", "NS", "CL", "MRI", "DSA", "TT", "PT")


def make_facilities(world: World) -> None:
    """`facility`: f counts them; every province has each level."""
    world.make(
        "facility_drawn",
        """
        WITH placed AS (
          SELECT f, CASE WHEN f < 34 * 9 THEN CAST(f % 34 AS INTEGER) ELSE ps.prov END AS prov,
                 CASE WHEN f < 34 * 9 THEN CASE f // 34 WHEN 0 THEN 'specialised' WHEN 1 THEN 'basic' WHEN 2
                     THEN 'basic' WHEN 3 THEN 'basic' ELSE 'initial' END
                      WHEN ppm(f, #facilitylevel) < 50000 THEN 'specialised' WHEN ppm(f, #facilitylevel) < 230000
                          THEN 'basic' ELSE 'initial' END AS level
          FROM range($facilities) AS t(f) JOIN province_slot AS ps ON ps.slot = u(f, #facilityprovince) % 10000)
        SELECT p.f, p.prov, pr.code AS province, p.level, cs.c, cs.code AS commune, cs.office,
               row_number() OVER (PARTITION BY p.prov ORDER BY p.f) AS place,
               row_number() OVER (PARTITION BY p.prov, p.level ORDER BY p.f) - 1 AS level_place,
               count(*) OVER (PARTITION BY p.prov, p.level) AS level_count,
               c.lat + pick(p.f, #lat, -30, 30) / 2000.0 AS lat, c.lon + pick(p.f, #lon, -30, 30) / 2000.0 AS lon,
               p.f >= 34 * 9 AND p.level <> 'specialised' AND ppm(p.f, #private) < 250000 AS private
        FROM placed AS p JOIN province AS pr ON pr.prov = p.prov
        JOIN commune_slot AS cs ON cs.grp = p.prov AND cs.slot = u(p.f, #facilitycommune) % 1000 JOIN commune AS c
            ON c.c = cs.c
        ORDER BY p.f""",
    )
    make_reach(world)
    world.make(
        "facility_sized",
        """SELECT f.*, coalesce(n.yearly_stays, 0) AS yearly_stays, coalesce(n.yearly_visits, 0) AS yearly_visits
           FROM facility_drawn AS f LEFT JOIN catchment AS n USING (f)""",
    )
    assign(world, "facility_deed", "facility_sized", "f", FACILITY_DEEDS)
    world.make(
        "facility",
        """
        SELECT f.*, province || CASE WHEN place < 1000 THEN lpad(CAST(place AS VARCHAR), 3, '0')
                 ELSE chr(CAST(65 + (place - 1000) // 100 AS INTEGER))
                     || lpad(CAST((place - 1000) % 100 AS VARCHAR), 2, '0') END AS code,
               '9' || province || lpad(CAST((f * 7919 + 3) % 10000000 AS VARCHAR), 7, '0') AS tax_code,
               '[Mẫu] ' || CASE level WHEN 'initial' THEN CASE WHEN private THEN 'Phòng khám ' ELSE 'Trạm y tế ' END
                 WHEN 'basic' THEN 'Bệnh viện khu vực ' ELSE 'Bệnh viện tỉnh ' END || CAST(f + 1 AS VARCHAR) AS name,
               CASE level WHEN 'specialised' THEN 'I' WHEN 'basic' THEN CASE WHEN ppm(f, #rank) < 400000 THEN 'II'
                   ELSE 'III' END ELSE 'unranked' END AS rank,
               CASE level WHEN 'specialised' THEN pick(f, #beds, 300, 1200) WHEN 'basic' THEN pick(f, #beds, 60, 260)
                   ELSE 5 END AS beds,
               coalesce(d.deed, '') AS deed, coalesce(d.strength, 0) AS strength
        FROM facility_sized AS f LEFT JOIN facility_deed AS d ON d.id = f.f ORDER BY f.f""",
    )
    world.drop("facility_drawn", "facility_sized", "catchment")
    _make_practitioners(world)


def _make_practitioners(world: World) -> None:
    world.make(
        "practitioner_drawn",
        f"""
        WITH posts AS (
          SELECT f.f, f.prov, f.province, f.level, f.code AS facility, f.deed AS deed_of_facility,
              f.strength AS strength_of_facility, k,
                 row_number() OVER (PARTITION BY f.prov ORDER BY f.f, k) AS n
          FROM facility AS f, range({STAFF}) AS t(k)),
        people AS (
          -- The last of a province's working people, who hold no other job in the nation.
          SELECT p, prov, row_number() OVER (PARTITION BY prov ORDER BY place DESC) AS n FROM worker)
        SELECT row_number() OVER (ORDER BY o.f, o.k) - 1 AS d, o.*, w.p,
               CASE WHEN k % 5 = 3 THEN 'technician' WHEN k % 7 = 6 THEN 'midwife' ELSE 'doctor' END AS kind,
               lpad(CAST(row_number() OVER (ORDER BY o.f, o.k) AS VARCHAR), 6, '0') || '/' || province
                   || '-CCHN' AS code
        FROM posts AS o LEFT JOIN people AS w ON w.prov = o.prov AND w.n = o.n ORDER BY o.f, o.k""",
    )
    assign(world, "practitioner_deed", "practitioner_drawn", "d", PRACTITIONER_DEEDS)
    world.make(
        "practitioner",
        f"""
        SELECT d.*, coalesce(x.deed, '') AS deed, coalesce(x.strength, 0) AS strength,
               -- Who treats for an hour with needles has learnt it, whatever else he is.
               {LICENCE_SCOPE} || CASE WHEN x.deed = 'impossible_days' AND d % 2 = 1 THEN '; Y học cổ truyền'
                   ELSE '' END AS scope,
               row_number() OVER (PARTITION BY f, kind = 'doctor' ORDER BY d) - 1 AS doctor_place,
               count(*) OVER (PARTITION BY f, kind = 'doctor') AS doctor_count
        FROM practitioner_drawn AS d LEFT JOIN practitioner_deed AS x ON x.id = d.d ORDER BY d.d""",
    )
    world.drop("practitioner_drawn")
    world.make(
        "doctor",
        "SELECT d, f, p, doctor_place, doctor_count, code, deed, strength FROM practitioner WHERE kind = 'doctor'",
    )
    world.make(
        "able",
        # Who may do what in a house, counted through.
        """
        SELECT d.f, s.scope, d.code, row_number() OVER own - 1 AS place, count(*) OVER (PARTITION BY d.f, s.scope) AS n
        FROM practitioner AS d JOIN (SELECT DISTINCT scope FROM ref_services WHERE cost_group <> 13) AS s
            ON contains(lower(d.scope), lower(s.scope))
        WINDOW own AS (PARTITION BY d.f, s.scope ORDER BY d.d)""",
    )


def deliver_facilities(world: World) -> None:
    world.add(
        "facility",
        """
        SELECT f.code AS facility_code, f.name AS name_vi, f.level AS technical_level, f.rank AS hospital_rank,
               CASE WHEN f.private THEN 'private' ELSE 'public' END AS ownership, f.commune AS admin_code,
               f.lat AS latitude, f.lon AS longitude, f.tax_code, p.code AS owner_person_code, 'GP-'
                   || f.code AS licence_no,
               DATE '2022-01-01' AS contract_from, DATE '2027-12-31' AS contract_to, f.beds AS beds_planned,
               f.beds * pick(f.f, #bedsactual, 90, 125) // 100 AS beds_actual, TIME '06:30:00' AS open_from,
               TIME '20:00:00' AS open_to, 'T' || f.province AS org_code,
               CASE WHEN ppm(f.f, #paymethod) < 850000 THEN 'fee_for_service' ELSE 'capitation' END AS payment_method,
               $before AS recorded_at
        FROM facility AS f LEFT JOIN person AS p ON f.private AND p.p = 4 * (u(f.f, #owner) % ($persons // 4))""",
    )
    world.add(
        "practitioner",
        """
        SELECT d.code AS practitioner_code, p.code AS person_code, d.code AS licence_code, d.scope AS licence_scope,
               d.kind AS licence_kind, DATE '2010-01-01' + CAST(u(d.d, #licence) % 4000 AS INTEGER) AS licence_from,
               CASE WHEN d.deed = 'licence_lost' AND d.d % 2 = 0 THEN 'revoked' ELSE 'valid' END AS licence_status,
                   $before AS recorded_at
        FROM practitioner AS d LEFT JOIN person AS p ON p.p = d.p""",
    )
    world.add(
        "practitioner_identity",
        """SELECT d.code AS practitioner_code, n.full_name, $before AS recorded_at
           FROM practitioner AS d JOIN person_name AS n ON n.p = d.p""",
    )
    world.add(
        "practitioner_licence",
        """
        SELECT code AS practitioner_code, code AS licence_code, 'valid' AS licence_status,
            DATE '2010-01-01' AS from_date,
               CASE WHEN deed = 'licence_lost' THEN $first + 150 END AS to_date, $before AS recorded_at
                   FROM practitioner
        UNION ALL
        SELECT code, code, CASE WHEN d % 2 = 0 THEN 'revoked' ELSE 'suspended' END, $first + 151, NULL, $before
        FROM practitioner WHERE deed = 'licence_lost'""",
    )
    world.add(
        "practitioner_registration",
        """
        SELECT code AS practitioner_code, facility AS facility_code, 'K'
            || lpad(CAST(1 + k % 8 AS VARCHAR), 2, '0') AS department_code,
                  scope, '{"mon-fri": "07:00-16:30"}' AS working_hours, DATE '2023-01-01' AS valid_from,
                      $before AS recorded_at
           FROM practitioner""",
    )
    world.add(
        "facility_department",
        """
        SELECT code AS facility_code, 'K' || lpad(CAST(k AS VARCHAR), 2, '0') AS department_code,
            beds // 8 AS beds_planned,
                  CASE WHEN k = 1 THEN greatest(2, beds // 60) ELSE 0 END AS exam_tables, CASE WHEN k = 19
                      THEN greatest(1, beds // 150) ELSE 0 END AS operating_rooms,
                  DATE '2022-01-01' AS valid_from, $before AS recorded_at
           FROM facility, (VALUES (1), (2), (3), (4), (16), (19), (27), (48)) AS t(k) WHERE level <> 'initial'
               OR k = 1""",
    )
    world.make(
        "machine_group",
        "SELECT * FROM (VALUES " + ", ".join(f"({n}, '{name}')" for n, name in enumerate(MACHINES)) + ") AS t(n, name)",
    )
    world.make(
        "machine",
        """
        SELECT f.f, f.code AS facility, g.name AS machine_group, k, g.name || '.' || CASE
            WHEN ppm(f.f * 20 + g.n, #machineown) < 700000 THEN '1' ELSE '2' END
                 || '.' || f.code || '.' || lpad(CAST(k + 1 AS VARCHAR), 3, '0') AS code,
                     ppm(f.f * 20 + g.n, #machineown) < 700000 AS owned,
               count(*) OVER (PARTITION BY f.f, g.name) AS n_of_group
        FROM facility AS f JOIN machine_group AS g ON (f.level = 'initial' AND g.n < 2)
            OR (f.level = 'basic' AND g.n < 8) OR f.level = 'specialised',
             range(CASE WHEN f.level = 'specialised' THEN 4 WHEN f.level = 'basic' AND f.deed <> 'busy_machine'
                 THEN 2 ELSE 1 END) AS t(k)""",
    )
    world.add(
        "facility_equipment",
        """
        SELECT facility AS facility_code, code AS machine_code, machine_group, CASE WHEN owned THEN 'owned'
            ELSE 'placed' END AS ownership,
                  DATE '2021-01-01' AS in_use_from, $before AS recorded_at FROM machine""",
    )


def deliver_catalogues(world: World) -> None:
    """Services, drugs, supplies, diseases, and what is approved where."""
    world.add(
        "service_catalogue",
        """
        SELECT code AS service_code, name AS name_vi, cost_group, split_part(code, '.', 1) AS family_code,
            1 AS price_level, standard_minutes, machine_minutes,
                  machine_group, sex_allowed, max_per_day, max_per_stay, min_repeat_days,
                      anatomical_unique = 1 AS anatomical_unique, false AS is_excluded,
                  scope AS scope_required, $before AS recorded_at FROM ref_services""",
    )
    world.add(
        "drug_catalogue",
        """
        SELECT code AS drug_code, registration_no, name AS name_vi, unit, max_daily_dose, max_supply_days,
            100 AS payment_rate_pct, 'any' AS sex_allowed,
                  high_cost = 1 AS is_high_cost, $before AS recorded_at FROM ref_drugs""",
    )
    world.add(
        "supply_catalogue",
        """
        SELECT code AS supply_code, name AS name_vi, is_implant = 1 AS is_implant, reusable_norm,
            price * 11 // 10 AS price_ceiling,
                  $before AS recorded_at FROM ref_supplies""",
    )
    world.add(
        "service_supply",
        """
        SELECT family_service AS service_code, code AS supply_code, CASE WHEN is_implant = 1 THEN 'implanted'
            ELSE 'included' END AS relation,
                  CASE code WHEN 'N06.02.020' THEN 4 WHEN 'N07.01.010' THEN 2 WHEN 'N06.05.030' THEN 2
                      WHEN 'N06.04.010' THEN 1 WHEN 'N06.06.020' THEN 2 END AS body_limit,
                  $before AS recorded_at FROM ref_supplies WHERE family_service IS NOT NULL AND family_service <> ''""",
    )
    # One examination a day: the price of one rank of hospital leaves no room for that of another.
    world.add(
        "service_exclusion",
        """
        SELECT a.code AS service_code_main, b.code AS service_code_included, 'same_day' AS scope,
            $before AS recorded_at
        FROM ref_services AS a JOIN ref_services AS b ON b.cost_group = 13 AND b.code <> a.code
        WHERE a.cost_group = 13""",
    )
    world.add(
        "icd10",
        """
        SELECT i.code AS icd_code, i.name AS name_vi, coalesce(d.sex, CASE WHEN i.code[1] = 'O' THEN 'female'
            ELSE 'any' END) AS sex_allowed,
                  coalesce(d.chronic = 1, false) AS is_chronic, false AS is_excluded, d.los AS expected_los_days,
                      $before AS recorded_at
           FROM ref_icd10 AS i LEFT JOIN ref_diseases AS d ON d.icd = i.code""",
    )
    world.add(
        "facility_service_approval",
        # A house is approved for what its level does; now and then a technique was begun before the decision came.
        f"""
        SELECT f.code AS facility_code, s.code AS service_code, s.price AS approved_price,
            CASE WHEN f.level <> 'initial' AND ppm(f.f * 100 + s.n, #approvedlate) < 2000
                THEN $first_claims + CAST(u(f.f, #approved) % 240 AS INTEGER) ELSE DATE '2024-01-01' END AS valid_from,
            $before AS recorded_at
        FROM facility AS f JOIN (SELECT *, row_number() OVER (ORDER BY code) AS n FROM ref_services) AS s
            ON {DOES.format(facility="f.level", service="s.level")}""",
    )
    world.add(
        "drug_award",
        """
        SELECT f.code AS facility_code, 'TT' || f.province || '.2025' AS award_no, d.code AS drug_code,
            d.registration_no, d.price AS unit_price,
                  100000 AS awarded_qty, DATE '2024-07-01' AS valid_from, DATE '2027-06-30' AS valid_to,
                      $before AS recorded_at
           FROM facility AS f, ref_drugs AS d WHERE f.level <> 'initial' OR d.price < 10000""",
    )
