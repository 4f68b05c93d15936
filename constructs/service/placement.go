package service

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

// Placement says which instances tasks come to. The zero value spreads them over the zones and fills one instance of a
// zone after the other, by memory.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
type Placement struct {
	// Strategies are applied one after the other, at most five; each decides what those before leave open, as well as can
	// be. Empty, but not nil: none. Zero: SpreadZones, then BinpackMemory; with DistinctInstances SpreadZones alone.
	Strategies []Strategy
	// Constraints must hold, all of them, at most ten, when a task is placed: one that no instance satisfies waits. What
	// comes to the instance later does not move it. Zero: none.
	Constraints []Constraint
	// NoRebalancing leaves tasks in their zones when these are no longer even, such as after one has failed. Required for
	// Strategies that do not start with SpreadZones and for Constraints on the zone. Zero: ECS evens them out.
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
	NoRebalancing bool
}

// Strategy is a preference among the instances that a task could come to.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PlacementStrategy.html
type Strategy string

// The strategies of ECS.
const (
	SpreadZones     Strategy = "spread(" + zoneAttribute + ")" // the zone with the fewest tasks of the service
	SpreadInstances Strategy = "spread(instanceId)"            // the instance with the fewest tasks of the service
	BinpackMemory   Strategy = "binpack(memory)"               // the instance with the least memory left
	BinpackCPU      Strategy = "binpack(cpu)"                  // the instance with the least CPU left
	Random          Strategy = "random"
)

const zoneAttribute = "attribute:ecs.availability-zone"

// SpreadBy prefers instances with a value of the attribute that the fewest tasks of the service have, such as
// ecs.instance-type or one of your own.
func SpreadBy(attribute string) Strategy { return Strategy("spread(attribute:" + attribute + ")") }

// split returns type and field as the API has them.
func (s Strategy) split() (kind, field string) {
	kind, rest, _ := strings.Cut(string(s), "(")
	return kind, strings.TrimSuffix(rest, ")")
}

func (s Strategy) known() bool {
	if slices.Contains([]Strategy{SpreadInstances, BinpackMemory, BinpackCPU, Random}, s) {
		return true
	}
	attribute, ok := strings.CutPrefix(string(s), "spread(attribute:")
	return ok && len(attribute) > 1 && strings.HasSuffix(attribute, ")")
}

// binpacks reports whether the strategy fills instances one after the other.
func (s Strategy) binpacks() bool { return s == BinpackMemory || s == BinpackCPU }

// Constraint is what must hold of an instance for a task to come to it.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PlacementConstraint.html
type Constraint string

// DistinctInstances keeps two tasks of the service from coming to one instance.
const DistinctInstances Constraint = "distinctInstance"

// MemberOf keeps tasks on instances of which an expression of the cluster query language holds, such as
// attribute:ecs.instance-type =~ m7g.*.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
func MemberOf(expression string) Constraint { return Constraint(expression) }

// Near keeps tasks on instances that run a task of the group: of another service its Group, or what tasks were started
// with.
func Near(group string) Constraint { return MemberOf("task:group == " + group) }

// Apart keeps tasks off instances that run a task of the group when they are placed: of another service its Group, or what
// tasks were started with.
func Apart(group string) Constraint { return MemberOf("not(task:group == " + group + ")") }

const (
	maxStrategies  = 5
	maxConstraints = 10
	maxExpression  = 2000
	strategiesPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html"
	constraintPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-constraints.html"
	queryPage      = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html"
	managedPage    = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instances-tasks-services.html"
	balancePage    = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html"
)

// Problems names strategies and constraints that ECS does not have or take together, those that say the contrary of each
// other, and those that keep ECS from evening out the zones.
func (p Placement) Problems() check.Problems {
	ps := p.strategyProblems()
	for i, c := range p.Constraints {
		field := fmt.Sprintf("Constraints[%d]", i)
		switch {
		case c == "":
			ps.Add(field, nil, "must be %s or an expression", DistinctInstances).See(constraintPage)
		case slices.Contains(p.Constraints[:i], c):
			ps.Add(field, string(c), "must be in the list once")
		case c != DistinctInstances && !check.IsToken(string(c)) && !operator.MatchString(string(c)):
			ps.Add(field, string(c), "must be %s, or an expression: a subject, an operator and mostly an argument, such as "+
				"attribute:ecs.instance-type =~ m7g.*", DistinctInstances).See(queryPage)
		case len(c) > maxExpression:
			ps.Add(field, len(c), "must have at most %d characters", maxExpression).See(constraintPage)
		case strings.Contains(string(c), zoneAttribute) && !p.NoRebalancing:
			ps.Add(field, string(c), "must not be about the zone, or ECS cannot even out the zones: choose subnets instead, "+
				"or set NoRebalancing").See(balancePage)
		}
	}
	return ps
}

// countProblems names more constraints than ECS takes, those included that a service adds of its own.
func (p Placement) countProblems() check.Problems {
	var ps check.Problems
	if n := len(p.Constraints); n > maxConstraints {
		ps.Add("Constraints", n, "must be at most %d, that of the pools of a daemon included", maxConstraints).See(constraintPage)
	}
	return ps
}

// operator matches the operators of the cluster query language, one of which each expression has. What is on both sides of it is left to
// ECS: how it reads an argument with spaces or parentheses is not documented.
var operator = regexp.MustCompile(`[=!]=|[<>]|[=!]~|\b((not_)?(equals|exists|in|matches)|(greater|less)_than(_equal)?)\b`)

// attribute matches what an expression says of an instance and captures its name.
var attribute = regexp.MustCompile(`\battribute:([\w.-]+)`)

// managedProblems names constraints that ECS does not take for managed instances.
func (p Placement) managedProblems() check.Problems {
	var ps check.Problems
	taken := []string{"ecs.availability-zone", "ecs.cpu-architecture", "ecs.instance-type", "ecs.subnet-id"}
	for i, c := range p.Constraints {
		names := attribute.FindAllStringSubmatch(string(c), -1)
		if c == DistinctInstances || len(names) > 0 && !slices.ContainsFunc(names, func(m []string) bool { return !slices.Contains(taken, m[1]) }) &&
			!strings.Contains(string(c), "task:") {
			continue
		}
		ps.Add(fmt.Sprintf("Constraints[%d]", i), string(c), "must be about one of %v on managed instances", taken).See(managedPage)
	}
	return ps
}

func (p Placement) strategyProblems() check.Problems {
	var ps check.Problems
	if n := len(p.Strategies); n > maxStrategies {
		ps.Add("Strategies", n, "must be at most %d", maxStrategies).See(strategiesPage)
	}
	distinct := slices.Contains(p.Constraints, DistinctInstances)
	for i, s := range p.Strategies {
		field, before := fmt.Sprintf("Strategies[%d]", i), p.Strategies[:i]
		switch {
		case !s.known():
			ps.Add(field, string(s), "must be one of this package's").See(strategiesPage)
		case slices.Contains(before, s):
			ps.Add(field, string(s), "must be in the list once")
		case slices.Contains(before, Random):
			ps.Add(field, string(s), "must not come after %s, which leaves nothing open", Random)
		case s.binpacks() && distinct:
			ps.Add(field, string(s), "must not be set with %s, which never fills an instance", DistinctInstances)
		case i == 0 && s != SpreadZones && !p.NoRebalancing:
			ps.Add(field, string(s), "must be %s, or ECS cannot even out the zones; to do without that set NoRebalancing",
				SpreadZones).See(balancePage)
		}
	}
	return ps
}

func (p Placement) withDefaults() Placement {
	if p.Strategies != nil {
		return p
	}
	p.Strategies = []Strategy{SpreadZones}
	if !slices.Contains(p.Constraints, DistinctInstances) {
		p.Strategies = append(p.Strategies, BinpackMemory)
	}
	return p
}

func (p Placement) strategies() []*awsecs.CfnService_PlacementStrategyProperty {
	var strategies []*awsecs.CfnService_PlacementStrategyProperty
	for _, s := range p.Strategies {
		kind, field := s.split()
		strategy := &awsecs.CfnService_PlacementStrategyProperty{Type: &kind}
		if field != "" {
			strategy.Field = &field
		}
		strategies = append(strategies, strategy)
	}
	return strategies
}

func (p Placement) constraints() []*awsecs.CfnService_PlacementConstraintProperty {
	var constraints []*awsecs.CfnService_PlacementConstraintProperty
	for _, c := range p.Constraints {
		constraint := &awsecs.CfnService_PlacementConstraintProperty{Type: jsii.String("memberOf"), Expression: jsii.String(string(c))}
		if c == DistinctInstances {
			constraint = &awsecs.CfnService_PlacementConstraintProperty{Type: jsii.String(string(DistinctInstances))}
		}
		constraints = append(constraints, constraint)
	}
	return constraints
}
