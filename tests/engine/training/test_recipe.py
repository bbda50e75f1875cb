from engine.training.recipe import Phase, Weights
from engine.training.text_augmentation import TextAugmentation


def test_a_phase_tells_people_what_is_not_as_usual() -> None:
    texts = TextAugmentation(all_marks=0.5, case=0)
    phase = Phase(
        "both", 2, 64, 1e-3, Weights(feature=0.5), muon=True, dropout=0.1, text_augmentation=texts
    )
    assert phase.described() == {
        "epochs": "2",
        "batch size": "64",
        "learning rate": "0.001",
        "weight of feature": "0.5",
        "muon": "True",
        "dropout": "0.1",
        "text augmentation": "regional 0.1, tone placement 0.1, all marks 0.5, some marks 0.1, "
        "telex 0.03, punctuation 0.1, case 0",
    }
