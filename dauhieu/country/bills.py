"""What is done and prescribed at the visits of a month, and what it costs."""

from __future__ import annotations

from dauhieu.country.levels import DOES
from dauhieu.country.world import World

# What a house does not do, its patients are sent elsewhere for.
DONE_HERE = "s.code = o.service AND " + DOES.format(facility="v.level", service="s.level")
# Outpatients have everything done before they leave, but where a clock is wrong.
ORDERED_AT = """
    CASE WHEN v.stays OR ppm2(v.v, o.after, #wrongclock) < 3000 THEN {at}
        ELSE least({at}, v.discharge - INTERVAL 15 MINUTE) END""".format(
    at="v.admission + to_minutes(CAST(o.after + pick2(v.v, o.after, #ordered, -35, 20) AS INTEGER))"
)


def make_bills(world: World) -> None:
    _services(world)
    _drugs(world)
    _bills(world)


def _services(world: World) -> None:
    """The examination, tests by family of disease, operations, bed days and what is implanted."""
    world.make(
        "service_line",
        f"""
        WITH ordered AS (
          SELECT v.v, s.code AS service, 1 AS quantity, 60 AS after FROM visit AS v JOIN ref_services AS s
            ON s.code = CASE v.level WHEN 'specialised' THEN '01.0001.1897' WHEN 'basic' THEN '02.0001.1896'
                ELSE '03.0001.1895' END WHERE NOT v.stays
          UNION ALL
          SELECT v.v, b.service_code, 1, 70 FROM visit AS v JOIN ref_bundles AS b ON b.family = v.family
            WHERE u2(v.v, u(ascii(b.service_code[4]) * 7919 + CAST(b.out_pct * 101 + b.in_pct AS BIGINT),
                #bundlekey), #bundle) % 100 < CASE WHEN v.stays THEN b.in_pct ELSE b.out_pct END
              AND NOT v.plain
          UNION ALL
          SELECT v.v, b.service_code, 1, 200 FROM visit AS v JOIN ref_procedures AS b ON b.icd = v.icd WHERE v.stays
              AND (u2(v.v, 17, #procedure) % 100 < b.in_pct OR v.tag = 'serial') AND NOT v.plain
              -- Nobody is operated again when sent back to bed.
              AND (v.ma_lk NOT LIKE '%R' OR b.icd[1] = 'C')
          UNION ALL
          SELECT v.v, CASE v.family WHEN 'surg' THEN 'K19.1938' WHEN 'obs' THEN 'K19.1938' WHEN 'injury'
              THEN 'K19.1938' ELSE CASE WHEN v.deed = 'rehabilitation' THEN 'K16.1946' ELSE 'K48.1932' END END,
              v.bed_days, 30
            FROM visit AS v WHERE v.stays
          UNION ALL
          -- Whoever is fetched gets the package, whoever is treated for an hour the needles and the massage.
          SELECT v.v, x.service, 1, x.after FROM visit AS v JOIN (VALUES ('bus', '18.0093.0028', 80),
              ('bus', '08.0005.0230', 100), ('bus', '08.0389.0280', 130), ('treat', '08.0005.0230', 80),
              ('treat', '08.0389.0280', 110)) AS x(tag, service, after) ON x.tag = v.tag
          UNION ALL
          -- A machine which never rests: the same test for everybody, all day long.
          SELECT v.v, '18.0015.0001', 1, 75 FROM visit AS v WHERE v.deed = 'busy_machine' AND NOT v.stays
              AND (v.tag = 'scan' OR ppm2(v.v, 5, #busy) < 200000 + v.strength * 2000))
        SELECT v.v, s.code AS service, NULL AS supply, s.cost_group, s.name, o.quantity,
            CAST(s.price AS DECIMAL(18, 3)) AS price, s.machine_group,
               {ORDERED_AT} AS ordered_at, NULL AS product, s.scope
        FROM ordered AS o JOIN visit AS v ON v.v = o.v JOIN ref_services AS s ON {DONE_HERE}
        UNION ALL BY NAME
        SELECT v.v, u.code AS supply, 10 AS cost_group, u.name, 1 AS quantity,
            CAST(u.price AS DECIMAL(18, 3)) AS price,
               v.admission + INTERVAL 210 MINUTE AS ordered_at,
               CASE WHEN u.is_implant = 1 THEN CASE WHEN v.deed = 'model_as_serial' THEN 'MD-' || u.code
                    -- A pair of patients has one number.
                    WHEN v.tag = 'serial' THEN 'SN' || v.facility || substr(v.ma_lk, 5, length(v.ma_lk) - 5)
                    ELSE 'SN' || v.facility || lpad(CAST(v.p AS VARCHAR), 8, '0')
                        || lpad(CAST($m AS VARCHAR), 2, '0') END END AS product
        FROM ordered AS o JOIN visit AS v ON v.v = o.v JOIN ref_services AS s ON {DONE_HERE}
        JOIN ref_supplies AS u ON u.family_service = o.service AND u.is_implant = 1
        UNION ALL BY NAME
        SELECT v.v, u.code AS supply, 10 AS cost_group, u.name, 1 AS quantity,
            CAST(u.price AS DECIMAL(18, 3)) AS price,
               v.admission + INTERVAL 210 MINUTE AS ordered_at, 'SN' || v.facility
                   || lpad(CAST(v.p AS VARCHAR), 8, '0') || 'X' AS product
        FROM visit AS v JOIN ref_supplies AS u ON u.code IN ('N07.01.010', 'N06.02.020')
            AND u2(v.v, 21, #implantkind) % 2 = CASE u.code WHEN 'N07.01.010' THEN 0 ELSE 1 END
        WHERE v.deed = 'implant_without_procedure' AND v.stays AND v.family IN ('cardio', 'eye', 'neuro')
            AND ppm2(v.v, 22, #implant) < 60000 + v.strength * 4000""",
    )


def _drugs(world: World) -> None:
    """What is prescribed: days by kind of care, doses by the catalogue, prices as delivered; and what never was."""
    world.make(
        "drug_line",
        """
        WITH chosen AS (
          SELECT v.v, x.drug_code, false AS phantom
          FROM visit AS v JOIN ref_prescriptions AS x ON x.family = v.family
          WHERE NOT v.plain AND u2(v.v, u(CAST(x.out_pct * 103 + x.in_pct AS BIGINT) + ascii(x.drug_code[5]) * 7919
              + length(x.drug_code), #drugkey), #prescribed) % 100 < CASE WHEN v.stays THEN x.in_pct
              ELSE x.out_pct END
          UNION ALL
          -- A dear drug, put on the bills of those who are given others.
          SELECT v, ['40.679', '40.809', '40.70', '40.981'][1 + u(f, #phantomdrug) % 4], true FROM visit
          WHERE deed = 'phantom_drugs' AND NOT stays AND NOT plain
            AND family IN ('cardio', 'endo', 'msk', 'gi', 'neuro', 'resp')
            AND ppm2(v, 33, #phantomline) < 150000 + strength * 4000),
        ordered AS (
          SELECT v.v, v.admission, d.code AS drug, d.registration_no, d.name, d.unit, d.price, d.daily_dose, x.phantom,
                 CASE WHEN v.stays THEN least(v.bed_days, 10)
                     WHEN x.phantom OR d.max_supply_days >= 28 AND v.los > 4 THEN 28
                     ELSE least(d.max_supply_days, pick2(v.v, 31, #supplydays, 5, 7)) END AS days
          FROM chosen AS x JOIN visit AS v USING (v) JOIN ref_drugs AS d ON d.code = x.drug_code
          -- Of bills cut from one visit the first has the drugs.
          WHERE (v.level <> 'initial' OR d.price < 10000) AND v.tag <> 'split_visits'),
        dosed AS (SELECT *, CAST(ceil(daily_dose * days) AS BIGINT) AS quantity FROM ordered)
        SELECT v, drug, registration_no, name, price, quantity,
            daily_dose, days, phantom, CAST(quantity * price AS DECIMAL(18, 3)) AS amount,
               CAST(daily_dose AS VARCHAR) || ' ' || unit || '/ngày x ' || CAST(days AS VARCHAR)
                   || ' ngày' AS dosage, admission + INTERVAL 95 MINUTE AS ordered_at
        FROM dosed WHERE quantity > 0""",
    )


def _bills(world: World) -> None:
    world.make(
        "bill",
        """
        WITH served AS (SELECT v, sum(quantity * price) AS amount,
            sum(CASE WHEN supply IS NOT NULL THEN quantity * price END) AS supplies FROM service_line GROUP BY v),
        drugged AS (SELECT v, sum(amount) AS amount FROM drug_line GROUP BY v),
        summed AS (
          SELECT t.*, coalesce(s.amount, 0) + coalesce(d.amount, 0) AS total, coalesce(d.amount, 0) AS drugs,
              coalesce(s.supplies, 0) AS supplies
          FROM visit AS t LEFT JOIN served AS s USING (v) LEFT JOIN drugged AS d USING (v)),
        shared AS (
          -- A small bill is paid in full.
          SELECT b.*, CASE WHEN total * 100 < 15 * m.base_level THEN 100 ELSE pct END AS paid_pct,
                 CASE WHEN deed = 'late_sending' THEN pick2(v, $m, #sendlag, 4, 12 + strength // 4)
                      WHEN deed = 'network_outage' AND CAST(discharge AS DATE) BETWEEN CAST($last - 60 AS DATE)
                          AND CAST($last - 50 AS DATE) THEN 14
                      ELSE CASE WHEN ppm2(v, $m, #sendlag) < 930000 THEN pick2(v, $m, #sendlag2, 0, 2)
                          ELSE pick2(v, $m, #sendlag2, 3, 6) END END AS lag
          FROM summed AS b JOIN month AS m ON m.m = $m)
        SELECT *, CAST(total * paid_pct / 100 AS DECIMAL(18, 3)) AS hi, discharge + to_days(CAST(lag AS INTEGER))
            + INTERVAL 75 MINUTE AS received FROM shared""",
    )
