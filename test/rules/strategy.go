package rules

import "slices"

const maxStrategyItems = 20

// mixedStrategy wants capacity provider strategies that Amazon ECS can follow.
// See https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
func mixedStrategy(m *model) []Finding {
	var found []Finding
	for _, r := range m.byType[ecsService] {
		found = append(found, unusable(r.at("CapacityProviderStrategy"))...)
	}
	for _, kind := range []string{ecsCluster, association} {
		for _, r := range m.byType[kind] {
			found = append(found, unusable(r.at("DefaultCapacityProviderStrategy"))...)
		}
	}
	return found
}

func unusable(strategy *node) []Finding {
	items := written(strategy.items())
	found := append(mixed(items), repeatedProvider(items)...)
	found = append(found, secondBase(items)...)
	if len(items) > maxStrategyItems {
		found = append(found, strategy.finding(
			"found %d capacity providers, and Amazon ECS takes a strategy of at most %d: name fewer", len(items),
			maxStrategyItems,
		))
	}
	if len(items) > 0 && len(items) == len(strategy.items()) && weightless(items) {
		found = append(found, strategy.finding(
			"no capacity provider has a weight above 0 (no Weight counts as 0), so Amazon ECS refuses to start tasks: set "+
				"Weight for at least one",
		))
	}
	return found
}

// written returns the elements of a list that are there for certain.
func written(items []*node) []*node {
	return slices.DeleteFunc(slices.Clone(items), func(item *node) bool { return !item.written() })
}

func mixed(items []*node) []Finding {
	var first *node
	for _, item := range items {
		provider := item.at("CapacityProvider")
		switch {
		case !provider.known() || provider.absent():
		case first.absent():
			first = provider
		case isFargate(provider) != isFargate(first):
			return []Finding{provider.finding(
				"a strategy is either for Fargate or for instances, and Amazon ECS refuses %s beside %s: leave one of them out",
				provider.text(), first.text(),
			)}
		}
	}
	return nil
}

func repeatedProvider(items []*node) []Finding {
	var found []Finding
	seen := map[string]bool{}
	for _, item := range items {
		provider := item.at("CapacityProvider")
		if seen[provider.text()] && !provider.absent() {
			found = append(found, provider.finding(
				"the strategy names %s already, and Amazon ECS refuses to take it twice: make one item of both",
				provider.text(),
			))
		}
		seen[provider.text()] = true
	}
	return found
}

func secondBase(items []*node) []Finding {
	var found []Finding
	bases := 0
	for _, item := range items {
		base := item.at("Base")
		if tasks, ok := base.number(); !ok || tasks < 1 {
			continue
		}
		if bases++; bases > 1 {
			found = append(found, base.finding(
				"only one capacity provider of a strategy can have a base, and Amazon ECS refuses a second of %s: leave the "+
					"tasks beyond the first to the weights",
				base.text(),
			))
		}
	}
	return found
}

func weightless(items []*node) bool {
	return !slices.ContainsFunc(items, func(item *node) bool {
		weight := item.at("Weight")
		return !weight.absent() && weight.text() != "0"
	})
}
