"""What a busy hour of a city is, in requests: the run must send all of it. Ours are assumptions, each on the high side."""

HOURS = 2000  # a year's working hours, into which we put everything
RESIDENTS, EMPLOYERS, UNEMPLOYMENT_INSURED, OFFICERS = 2_500_000, 60_000, 360_000, 300
PAGES_A_VISIT, OFFICER_PAGES = 8, 20
MOVES = UNEMPLOYMENT_INSURED // 4 // HOURS  # a quarter change employers in a year: 45 hires an hour
RUSH = 10  # what is declared comes tenfold on the last day before it is due

PAGES = (
    RESIDENTS * PAGES_A_VISIT // HOURS  # each resident once a year
    + EMPLOYERS * 12 * PAGES_A_VISIT // HOURS  # each employer once a month
    + OFFICERS * OFFICER_PAGES  # each officer a page every three minutes
)
HOUR = {
    "page": PAGES, "hire": MOVES * RUSH // 2, "form": MOVES * RUSH // 4, "roster": MOVES * RUSH // 20, "decision": MOVES,
    "receipt": MOVES * RUSH,
}
