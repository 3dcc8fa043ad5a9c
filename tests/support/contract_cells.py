"""Cells of the contracts' seeds that make them wrong, each with what is then said of which cell."""

SP, TH = "stockport_like", "tower_hamlets_like"
TERMS, OUTCOMES = "contract_terms.csv", "contract_outcomes.csv"
PERIODS, PROVIDERS = "contract_periods.csv", "contract_providers.csv"

# file, key, column, value, what is said; where another cell is named than the one changed, last.
WRONG = [
    (OUTCOMES, f"{SP};dementia_diagnosed", "indicator_id", "happiness", "doesn't exist"),
    (OUTCOMES, f"{SP};fewer_falls", "baseline_to", "2022-06-30", "runs into the contract"),
    (OUTCOMES, f"{SP};fewer_falls", "baseline_rule", "none", "leaves no baseline"),
    (OUTCOMES, f"{SP};fewer_falls", "baseline_from", "", "doesn't go with baseline_rule"),
    (TERMS, f"{SP};fewer_falls", "pays_in_full", "5", "wrong side of where payment starts"),
    (TERMS, f"{SP};dementia_diagnosed", "pays_in_full", "0", "wrong side of the baseline"),
    (TERMS, f"{SP};social_contact", "pays_in_full", "40", "wrong side of where payment starts"),
    (TERMS, f"{TH};children_ready_for_school", "goal", "", "doesn't go with gap"),
    (TERMS, f"{SP};fewer_falls", "outcome_id", "fewer_fails", "isn't an outcome"),
    (TERMS, f"{SP};fewer_falls", "cap", "-1", "is below floor"),
    (PERIODS, f"{SP};2023/24", "starts", "2023-03-31", "overlaps the period before"),
    (PERIODS, f"{SP};2023/24", "pay_by", "2024-03-31", "is before the period ends"),
    (PERIODS, f"{SP};2023/24", "ends", "2024-04-30", "isn't within the contract"),
    (PROVIDERS, f"{SP};hospital_trust", "activity_share", "0", "a provider with no activity"),
    (PROVIDERS, f"{SP};hospital_trust", "annual_value", "0", "a provider with no activity"),
    (PROVIDERS, f"{SP};hospital_trust", "activity_share", "0.31", "are more than all of it"),
    ("contract_decisions.csv", f"{SP};allocate;capitation", "mechanism_id", "cquin", "go with"),
    ("contract_decisions.csv", f"{SP};aim", "acts", "because", "doesn't go with the part"),
    ("payment_steps.csv", "cquin;3", "pays_from", "", "doesn't go with value"),
]
# Told of another row than the one that is changed, or of no single cell.
WRONG_ELSEWHERE = [
    (OUTCOMES, f"{SP};fewer_falls", "weight", "0.24", "aren't 100%"),
    (OUTCOMES, f"{SP};fewer_falls", "weight", "-0.25", "aren't 100%"),
    (TERMS, f"{SP};fewer_falls", "outcome_id", "fewer_fails", "has no term"),
    ("payment_steps.csv", "cquin;3", "value", "attained * bonus", "names what isn't known"),
    ("payment_steps.csv", "cquin;3", "value", "__import__('os')", "isn't a formula"),
    ("payment_steps.csv", "cquin;3", "value", "attained ** 2", "isn't a formula"),
]
EVERY_RULE = [
    (OUTCOMES, f"{SP};fewer_falls", "weight", "0.24"),
    (OUTCOMES, f"{SP};fewer_falls", "baseline_to", "2022-06-30"),
    (TERMS, f"{SP};fewer_falls", "outcome_id", "fewer_fails"),
    (TERMS, f"{SP};dementia_diagnosed", "pays_in_full", "-1"),
    (PERIODS, f"{SP};2023/24", "starts", "2023-03-31"),
    (PROVIDERS, f"{SP};hospital_trust", "annual_value", "0"),
    ("contract_decisions.csv", f"{SP};aim", "acts", "because"),
    ("payment_steps.csv", "cquin;3", "pays_from", ""),
]
