"""What insurance gives the platform: steps of journeys, indicators, columns about every person, what is swept from them."""

from renshe.apps.insurance import indicators
from renshe.apps.insurance.actions import Enrol, Rebase, Stop
from renshe.apps.insurance.offers import claiming, claims, correcting, erasing, history, present, sharing, sweeping

ENROL = Enrol()
STOP = Stop()
REBASE = Rebase()
INDICATORS = indicators.INDICATORS
COLUMNS = (*history.COLUMNS, *present.COLUMNS, *claims.COLUMNS)
SHARED = sharing.SHARED
ERASABLE = erasing.ERASABLE
CORRECTABLE = correcting.CORRECTABLE
READINGS = (*sweeping.READINGS, *claiming.READINGS)
SWEPT = (*sweeping.SWEPT, *claiming.SWEPT)
UNSWEPT = sweeping.UNSWEPT
FOLDS = sweeping.FOLDS
