package rules

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ecskit/ecskit/constructs/task/fargate"
)

// fargateSize checks Cpu and Memory against the sizes that Fargate offers; Amazon ECS refuses any other pair.
func fargateSize(m *model) []Finding {
	var found []Finding
	for _, task := range m.byType[taskDefinition] {
		family := task.at("RuntimePlatform", "OperatingSystemFamily")
		if !slices.Contains(task.at("RequiresCompatibilities").texts(), "FARGATE") || !family.known() {
			continue
		}
		windows := strings.HasPrefix(family.text(), "WINDOWS")
		cpu, memory := task.at("Cpu"), task.at("Memory")
		switch offered := fargate.CPUs(windows); {
		case !cpu.known():
		case !slices.Contains(offered, quantity(cpu, "vcpu")):
			found = append(found, notOffered(cpu, "CPU units", offered, quantity(cpu, "vcpu")))
		case !memory.known():
		default:
			offered = fargate.MemoryMiB(quantity(cpu, "vcpu"), windows)
			if mib := quantity(memory, "gb"); !slices.Contains(offered, mib) {
				found = append(found, notOffered(memory, "MiB with Cpu "+cpu.text(), offered, mib))
			}
		}
	}
	return found
}

func notOffered(size *node, unit string, offered []int, n int) Finding {
	i, _ := slices.BinarySearch(offered, n)
	next := offered[min(i, len(offered)-1)]
	return size.finding(
		"found %s, which is none of Fargate's sizes from %d to %d %s, so the task definition cannot be registered: "+
			"take %d",
		shown(size), offered[0], offered[len(offered)-1], unit, next,
	)
}

// quantity returns a size in CPU units or MiB. Both may also be written in units 1024 times as large, such as
// ".5 vCPU" and "2 GB"; see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
func quantity(size *node, unit string) int {
	if n, ok := size.number(); ok {
		return n
	}
	number, ok := strings.CutSuffix(strings.ToLower(size.text()), unit)
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil {
		return 0
	}
	return int(n * 1024)
}

// logRetention wants every log group to expire: without RetentionInDays logs are kept, and paid for, for ever.
func logRetention(m *model) []Finding {
	var found []Finding
	for _, group := range m.byType[logGroup] {
		retention, class := group.at("RetentionInDays"), group.at("LogGroupClass")
		// A group of the class DELIVERY always keeps its logs for two days.
		if retention.absent() && class.known() && class.text() != "DELIVERY" {
			found = append(found, retention.finding(
				"the log group has no retention, so its logs are kept and paid for for ever: set RetentionInDays",
			))
		}
	}
	for _, task := range m.byType[taskDefinition] {
		for _, container := range task.at("ContainerDefinitions").items() {
			create := container.at("LogConfiguration", "Options", "awslogs-create-group")
			if strings.EqualFold(create.text(), "true") {
				found = append(found, create.finding(
					"the container makes its log group at run time (found %s), which has no retention and is in no "+
						"stack: declare an AWS::Logs::LogGroup with RetentionInDays",
					create.text(),
				))
			}
		}
	}
	return found
}

// containerNamed returns the container of that name in a task definition, which may be nil.
func containerNamed(task *resource, name string) (*node, bool) {
	if task == nil {
		return &node{}, false
	}
	for _, container := range task.at("ContainerDefinitions").items() {
		if container.at("Name").text() == name {
			return container, true
		}
	}
	return &node{}, false
}
