"""Words of mathematics that general dictionaries lack; lower case, without inflections a speller forms itself."""

_TEXT = """
abelian abscissa abscissae adjoint affine affinely algebraically antiderivative antiderivatives antisymmetric
arccos arccot arcsin arctan arithmetical associativity asymptote asymptotes asymptotic asymptotically automorphism
automorphisms axiomatic bezout bijection bijections bijective bilinear binomial binomials bisector bisectors
boolean cardinality cauchy cayley centroid centroids cevian cevians chebyshev circumcenter circumcentre
circumcircle circumcircles circumradius circumscribed codomain coefficient coefficients cofactor cofactors
collinear collinearity combinatorial combinatorially combinatorics commutative commutativity commutator compactness
concyclic congruences congruent coprime coset cosets cosine cosines cotangent counterexample counterexamples cubic
cyclotomic decagon denominators derivable descartes determinant determinants diagonalizable diagonalisable
diagonalize diffeomorphism diophantine directrix discriminant discriminants disjointness distributivity divisibility
dodecahedron eccentricity eigenspace eigenspaces eigenvalue eigenvalues eigenvector eigenvectors endomorphism
equiangular equicontinuous equidistant equilateral equinumerous euclidean euler eulerian excenter excircle excircles
extrema factorial factorials factorisation factorise factorises factorization factorizations fermat fibonacci
fourier functor functors galois gaussian gcd hcf hermitian heptagon hilbert holomorphic homeomorphic homeomorphism
homomorphism homomorphisms homothety hyperbola hyperbolas hyperplane hyperplanes hypotenuse hypotenuses icosahedron
idempotent iff incenter incentre incircle incircles indivisible infimum infinitesimal injective injectivity inradius
inscribed integrable integrability integrand integrands invertibility invertible irreducible irreducibility
isomorphic isomorphism isomorphisms isosceles jacobian jensen kronecker lagrange laplace laplacian lcm leibniz lemma
lemmas lemmata lhs lipschitz logarithm logarithmic logarithms manifold matrices maximality midline midpoint
midpoints minimality minkowski modulo monic monomial monomials monotone monotonic monotonically monotonicity
multinomial multiplicand multiplicative multiplicatively multiset multisets multivariable nilpotent nonconstant
nondegenerate nonempty nonincreasing nondecreasing nonnegative nonpositive nonreal nonsingular nontrivial nonzero
numerator numerators octahedron orthocenter orthocentre orthogonal orthogonality orthonormal parabola parabolas
parallelepiped parallelogram parallelograms parametrization parametrize parametrise permutation permutations
perpendicularity pentagonal piecewise poisson polyhedra polyhedron polynomial polynomials polytope postulates
preimage preimages primality ptolemy pythagoras pythagorean quadrance quadratic quadratically quadratics
quadrilateral quadrilaterals quartic quaternion quaternions quintic quotients radians radicand ramsey recurrences
rescaling rhombi rhombus rhs riemann ruffini scalene schwarz secant semicircle semicircles semiperimeter sigmoid
simplices sinusoidal stewart stirling subcase subcases subfield subgroup subgroups subinterval subintervals
sublattice submatrix subsequence subsequences subspace subspaces summand summands summation summations superset
supremum surjection surjections surjective surjectivity symmetrically tangency telescopes telescoping tetrahedra
tetrahedral tetrahedron transcendental transpose transversal trapezium trapezoid trapezoids triangulation
trichotomy trigonometric trigonometrically trinomial trisect trisection tuples uncountable uncountably undirected
unimodular unitary univariate vandermonde vertices viete vieta wlog wolog wronskian
"""
WORDS = frozenset(_TEXT.split())
