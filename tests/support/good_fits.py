"""Twenty models whose fits carry their numbers; the gate must let every one through.

Each is a log density over unconstrained parameters, Jacobians included, sampled by `densities.sample`.
"""

from __future__ import annotations

import numpy as np
from densities import Density
from scipy.special import loggamma

rng = np.random.default_rng(20)
SCALES = np.array([0.01, 1.0, 100.0])
CORRELATION = np.linalg.inv(np.array([[1.0, 0.9, 0.5], [0.9, 1.0, 0.6], [0.5, 0.6, 1.0]]))
WALK = np.diag([2.0, 2, 2, 2, 1]) - np.diag(np.ones(4), 1) - np.diag(np.ones(4), -1)
MEASURED = rng.normal(2.0, 1.5, 25)
X = rng.normal(size=40)
Y = 1.0 + 0.7 * X + rng.normal(0, 0.5, 40)
YES = (rng.random(40) < 1 / (1 + np.exp(-(0.3 + X)))).astype(float)
COUNTS = rng.poisson(np.exp(0.5 + 0.4 * X)).astype(float)
SCHOOLS = np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
GROUPS = rng.normal(rng.normal(0, 1, 5)[:, None], 0.3, (5, 30)).mean(axis=1)
WAITS = rng.exponential(3.0, 12)


def normal(z, mean=0.0, sd=1.0):
    return -0.5 * ((z - mean) / sd) ** 2 - np.log(sd)


def log_sigmoid(z):
    return -np.log1p(np.exp(-z))


def regression(x, y=Y):
    fitted = x[..., 0:1] + x[..., 1:2] * X
    return normal(y, fitted, np.exp(x[..., 2:3])).sum(-1) + normal(x, sd=3.0).sum(-1)


def logistic_regression(x):
    z = x[..., 0:1] + x[..., 1:2] * X
    return (YES * log_sigmoid(z) + (1 - YES) * log_sigmoid(-z)).sum(-1) + normal(x, sd=2.0).sum(-1)


def poisson_regression(x):
    log_mean = x[..., 0:1] + x[..., 1:2] * X
    return (COUNTS * log_mean - np.exp(log_mean)).sum(-1) + normal(x, sd=2.0).sum(-1)


def negative_binomial(x):
    mean, shape = np.exp(x[..., 0:1]), np.exp(x[..., 1:2])
    terms = loggamma(COUNTS + shape) - loggamma(shape) + shape * np.log(shape / (shape + mean))
    return (terms + COUNTS * np.log(mean / (shape + mean))).sum(-1) + normal(x, mean=1.0).sum(-1)


def schools(x):
    mu, log_tau, z = x[..., 0:1], x[..., 1:2], x[..., 2:]
    data = normal(SCHOOLS[0], mu + np.exp(log_tau) * z, SCHOOLS[1]).sum(-1)
    half_normal = normal(np.exp(log_tau), sd=5.0) + log_tau
    return data + normal(z).sum(-1) + normal(mu, sd=5.0)[..., 0] + half_normal[..., 0]


def centred_groups(x):
    mu, log_tau, theta = x[..., 0:1], x[..., 1:2], x[..., 2:]
    data = normal(GROUPS, theta, 0.3 / np.sqrt(30)).sum(-1) + normal(theta, mu, np.exp(log_tau)).sum(-1)
    return data + (normal(mu) + normal(log_tau, sd=0.5))[..., 0]


def class_and_member(x):
    # a class rate counted 6 in 40, a member's hazard around it, one claim of it and two quiet years: the network in small
    log_rate, z = x[..., 0], x[..., 1]
    log_hazard = log_rate + 0.5 * z
    return 6.5 * log_rate - 40 * np.exp(log_rate) + normal(z) + normal(-1.0, log_hazard, 0.6) - 2 * np.exp(log_hazard)


def softmax(x):
    # Dirichlet(3, 2, 4) as additive log ratios
    total = np.log1p(np.exp(x).sum(-1))
    return 3 * x[..., 0] + 2 * x[..., 1] - 9 * total


def cure(x):
    # 12 waiting times and 8 that never ended: a share cured and a rate
    cured, rate = x[..., 0:1], np.exp(x[..., 1:2])
    ended = (log_sigmoid(-cured) + np.log(rate) - rate * WAITS).sum(-1)
    survived = 8 * np.log(1 / (1 + np.exp(-cured)) + (1 / (1 + np.exp(cured))) * np.exp(-10 * rate))[..., 0]
    return ended + survived + normal(x, mean=-0.5).sum(-1)


GOOD: dict[str, Density] = {
    "three normals": Density(3, lambda x: normal(x).sum(-1)),
    "normals of scales 0.01 to 100": Density(3, lambda x: normal(x, sd=SCALES).sum(-1)),
    "correlated normals": Density(3, lambda x: -0.5 * ((x @ CORRELATION) * x).sum(-1)),
    "twenty normals": Density(20, lambda x: normal(x, mean=np.arange(20.0)).sum(-1)),
    "random walk": Density(5, lambda x: -0.5 * ((x @ WALK) * x).sum(-1)),
    "Student t with 5 degrees": Density(3, lambda x: -3 * np.log1p(x**2 / 5).sum(-1)),
    "logistic": Density(2, lambda x: (log_sigmoid(x) + log_sigmoid(-x)).sum(-1)),
    "Gumbel": Density(2, lambda x: (-x - np.exp(-x)).sum(-1)),
    "Gamma on the log scale": Density(2, lambda x: (6.5 * x - 40 * np.exp(x)).sum(-1)),
    "beta-binomial": Density(1, lambda x: (7.5 * log_sigmoid(x) + 3.5 * log_sigmoid(-x)).sum(-1)),
    "normal of unknown mean and sd": Density(
        2, lambda x: normal(MEASURED, x[..., 0:1], np.exp(x[..., 1:2])).sum(-1) + normal(x, sd=3.0).sum(-1)
    ),
    "linear regression": Density(3, regression),
    "logistic regression": Density(2, logistic_regression),
    "Poisson regression": Density(2, poisson_regression),
    "negative binomial": Density(2, negative_binomial),
    "eight schools, non-centred": Density(10, schools),
    "groups with much data, centred": Density(7, centred_groups),
    "class, member, claim and history": Density(2, class_and_member),
    "Dirichlet as log ratios": Density(2, softmax),
    "cure model": Density(2, cure),
}
