"""How well search finds sections: sets of questions, arms to compare, measures with intervals."""
