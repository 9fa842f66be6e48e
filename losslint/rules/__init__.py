"""One file per rule. A rule is a pure function from a fact to offences; it matches no syntax and looks at no user's names."""
