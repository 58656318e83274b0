"""scikit-learn: a search over parameters in several processes."""

from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV


def main():
    data, classes = make_classification(n_samples=200, random_state=1)
    search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0, 10.0]}, cv=3, n_jobs=2)
    search.fit(data, classes)
    print(search.best_params_, [round(score, 6) for score in search.cv_results_["mean_test_score"]])


if __name__ == "__main__":
    main()
