package rules

import (
	"slices"
	"strings"
	"testing"
)

// Types of resources that only controls look at.
const taskSet = "AWS::ECS::TaskSet"

// Controls returns, as rules with the ids of AWS, the controls of AWS Security Hub for Amazon ECS, and those for what services
// stand on that a template alone can tell of. They are not among All, for they are about how much is allowed and not about
// what goes wrong: a team takes them that has to, or wants to.
// See https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html
//
// ECS.1 is retired, in favour of ECS.4, ECS.17, ECS.20 and ECS.21. ECS.13 to ECS.15 want tags, which a resource also has from
// its stack: no template tells.
func Controls() []Rule {
	return []Rule{
		{"ECS.2", "a service assigns no public addresses to its tasks", publicService},
		{"ECS.3", "tasks do not share the process namespace of their host", hostProcesses},
		{"ECS.4", "containers are not privileged", privileged},
		{"ECS.5", "containers of Linux have a root file system that is read-only", writableRoot},
		{"ECS.8", "no variable has the name of a credential of AWS", credentialVariable},
		{"ECS.9", "each container has a log driver", noLogDriver},
		{"ECS.10", "services run on the latest platform version of Fargate", oldPlatform},
		{"ECS.12", "clusters have Container Insights", noInsights},
		{"ECS.16", "a task set assigns no public addresses to its tasks", publicTaskSet},
		{"ECS.17", "tasks do not use the network of their host", hostNetwork},
		{"ECS.18", "what tasks read from Amazon EFS is encrypted on its way", plainFiles},
		{"ECS.19", "capacity providers protect instances that run tasks from scale-in", noTerminationProtection},
		{"ECS.20", "containers of Linux do not run as root", rootUser},
		{"ECS.21", "containers of Windows do not run as administrator", administrator},
		{"EC2.170", "launch templates want version 2 of the instance metadata service", oldMetadata},
		{"ELB.4", "an Application Load Balancer drops invalid headers", invalidHeaders},
		{"ELB.5", "an Application Load Balancer has access logs", noAccessLogs},
		{"ELB.6", "load balancers have deletion protection", noDeletionProtection},
		{"ELB.12", "an Application Load Balancer mitigates desynchronised requests", desync},
		{"KMS.4", "keys are rotated", noRotation},
		{"SQS.1", "queues are encrypted at rest", plainQueue},
	}
}

// CheckControls looks for breaches of the Controls in the templates, as Check does for the rules of All.
func CheckControls(templates ...Template) []Finding { return check(Controls(), templates) }

// AssertControls reports every breach of the Controls that no exception accepts as an error of the test. An exception names the
// id of a control as its Rule.
func AssertControls(t testing.TB, templates []Template, exceptions ...Except) {
	t.Helper()
	for _, f := range Accept(CheckControls(templates...), exceptions...) {
		t.Error(f)
	}
}

// unless returns a finding where a value is not what a control wants: absent, or another for certain.
func unless(n *node, wanted func(text string) bool, reason string, args ...any) []Finding {
	if n.absent() || n.known() && !wanted(n.text()) {
		return []Finding{n.finding(reason, args...)}
	}
	return nil
}

// where returns a finding where a value is what a control does not want, for certain.
func where(n *node, unwanted func(text string) bool, reason string, args ...any) []Finding {
	if !n.absent() && n.known() && unwanted(n.text()) {
		return []Finding{n.finding(reason, args...)}
	}
	return nil
}

// is returns a test for a value, in whatever case it is written.
func is(values ...string) func(string) bool {
	return func(text string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, text) })
	}
}

var yes = is("true")

// each joins what a control says of each resource of a type.
func (m *model) each(kind string, check func(*resource) []Finding) []Finding {
	var found []Finding
	for _, r := range m.byType[kind] {
		found = append(found, check(r)...)
	}
	return found
}

// eachContainer joins what a control says of each container of tasks whose operating system is one of Windows, or is not.
func (m *model) eachContainer(windows bool, check func(container *node) []Finding) []Finding {
	return m.each(taskDefinition, func(task *resource) []Finding {
		if family := task.at("RuntimePlatform", "OperatingSystemFamily"); !family.known() || onWindows(family) != windows {
			return nil
		}
		var found []Finding
		for _, container := range task.at("ContainerDefinitions").items() {
			found = append(found, check(container)...)
		}
		return found
	})
}

func onWindows(family *node) bool {
	return strings.HasPrefix(strings.ToUpper(family.text()), "WINDOWS")
}

// onEither joins what a control says of each container, whatever its operating system is.
func (m *model) onEither(check func(container *node) []Finding) []Finding {
	return m.each(taskDefinition, func(task *resource) []Finding {
		var found []Finding
		for _, container := range task.at("ContainerDefinitions").items() {
			found = append(found, check(container)...)
		}
		return found
	})
}

// publicService is ECS.2.
func publicService(m *model) []Finding { return m.each(ecsService, publicAddress) }

// publicTaskSet is ECS.16.
func publicTaskSet(m *model) []Finding { return m.each(taskSet, publicAddress) }

func publicAddress(r *resource) []Finding {
	return where(r.at("NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp"), is("ENABLED"),
		"tasks have public addresses, so that security groups alone stand before them: put them into private subnets, and set DISABLED")
}

// hostProcesses is ECS.3.
func hostProcesses(m *model) []Finding {
	return m.each(taskDefinition, func(task *resource) []Finding {
		return where(task.at("PidMode"), is("host"), "containers see all processes of the host, and can end them: leave PidMode out, or set task")
	})
}

// hostNetwork is ECS.17.
func hostNetwork(m *model) []Finding {
	return m.each(taskDefinition, func(task *resource) []Finding {
		return where(task.at("NetworkMode"), is("host"),
			"containers reach what listens on the loopback interface of the host, and pass for the host: set awsvpc or bridge")
	})
}

// privileged is ECS.4.
func privileged(m *model) []Finding {
	return m.onEither(func(container *node) []Finding {
		return where(container.at("Privileged"), yes, "the container has the rights of root on the host: leave Privileged out, and add "+
			"the Linux capabilities that it needs")
	})
}

// writableRoot is ECS.5.
func writableRoot(m *model) []Finding {
	return m.eachContainer(false, func(container *node) []Finding {
		return unless(container.at("ReadonlyRootFilesystem"), yes,
			"whoever breaks into the container can change its programs: set true, and mount a volume where it has to write")
	})
}

// credentialVariable is ECS.8. Rule plain-secret is wider: it knows what other credentials look like.
func credentialVariable(m *model) []Finding {
	return m.onEither(func(container *node) []Finding {
		var found []Finding
		for _, variable := range container.at("Environment").items() {
			found = append(found, where(variable.at("Name"), func(name string) bool {
				return slices.Contains([]string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA"}, name)
			}, "a credential is in a variable, which whoever may describe the task definition reads: give the task a role, or name a secret in Secrets")...)
		}
		return found
	})
}

// noLogDriver is ECS.9.
func noLogDriver(m *model) []Finding {
	return m.onEither(func(container *node) []Finding {
		return unless(container.at("LogConfiguration", "LogDriver"), func(driver string) bool { return driver != "" },
			"what the container writes is kept nowhere: set a LogConfiguration")
	})
}

// oldPlatform is ECS.10.
func oldPlatform(m *model) []Finding {
	return m.each(ecsService, func(service *resource) []Finding {
		latest := []string{"LATEST", "1.4.0", "1.0.0"}
		if task := m.target(service.at("TaskDefinition"), taskDefinition); task != nil {
			family := task.at("RuntimePlatform", "OperatingSystemFamily")
			switch {
			case !family.known():
			case onWindows(family):
				latest = []string{"LATEST", "1.0.0"}
			default:
				latest = []string{"LATEST", "1.4.0"}
			}
		}
		version := service.at("PlatformVersion")
		return where(version, func(text string) bool { return !slices.Contains(latest, text) },
			"version %s of Fargate is not the latest: leave PlatformVersion out", version.text())
	})
}

// noInsights is ECS.12. Without the setting, that of the account decides, which no template tells of.
func noInsights(m *model) []Finding {
	return m.each(ecsCluster, func(cluster *resource) []Finding {
		settings := cluster.at("ClusterSettings")
		for _, setting := range settings.items() {
			if name := setting.at("Name"); !name.known() {
				return nil
			} else if name.text() == "containerInsights" {
				return unless(setting.at("Value"), is("enabled", "enhanced"), "the cluster has no Container Insights: set enabled or enhanced")
			}
		}
		return []Finding{settings.finding("the cluster leaves Container Insights to the settings of the account: set containerInsights to enabled or enhanced")}
	})
}

// plainFiles is ECS.18.
func plainFiles(m *model) []Finding {
	return m.each(taskDefinition, func(task *resource) []Finding {
		var found []Finding
		for _, volume := range task.at("Volumes").items() {
			if files := volume.at("EFSVolumeConfiguration"); !files.absent() {
				found = append(found, unless(files.at("TransitEncryption"), is("ENABLED"),
					"what tasks read from the file system and write to it goes over the network in plain: set ENABLED")...)
			}
		}
		return found
	})
}

// noTerminationProtection is ECS.19.
func noTerminationProtection(m *model) []Finding {
	return m.each(capacityProvider, func(provider *resource) []Finding {
		group := provider.at("AutoScalingGroupProvider")
		if group.absent() {
			return nil
		}
		return unless(group.at("ManagedTerminationProtection"), is("ENABLED"),
			"scaling in may take an instance away from its tasks: set ENABLED, with managed scaling and protected new instances")
	})
}

// rootUser is ECS.20.
func rootUser(m *model) []Finding {
	return m.eachContainer(false, func(container *node) []Finding {
		return unless(container.at("User"), func(user string) bool {
			name, _, _ := strings.Cut(user, ":")
			return name != "" && name != "root" && name != "0"
		}, "the container runs as root, or as whom its image says: set a User that is not root")
	})
}

// administrator is ECS.21.
func administrator(m *model) []Finding {
	return m.eachContainer(true, func(container *node) []Finding {
		return unless(container.at("User"), func(user string) bool { return user != "" && !strings.EqualFold(user, "ContainerAdministrator") },
			"the container runs as administrator, or as whom its image says: set a User such as ContainerUser")
	})
}

// oldMetadata is EC2.170.
func oldMetadata(m *model) []Finding {
	return m.each(launchTemplate, func(template *resource) []Finding {
		return unless(template.at("LaunchTemplateData", "MetadataOptions", "HttpTokens"), is("required"),
			"a request that somebody else made up can read the credentials of the instance: set required")
	})
}

// noRotation is KMS.4. Only symmetric keys whose material AWS makes can be rotated.
func noRotation(m *model) []Finding {
	return m.each(kmsKey, func(key *resource) []Finding {
		for _, other := range []struct{ property, symmetric string }{
			{"KeySpec", "SYMMETRIC_DEFAULT"}, {"KeyUsage", "ENCRYPT_DECRYPT"}, {"Origin", "AWS_KMS"},
		} {
			if property := key.at(other.property); !property.absent() && property.text() != other.symmetric {
				return nil
			}
		}
		return unless(key.at("EnableKeyRotation"), yes, "the key stays the same for ever: set EnableKeyRotation")
	})
}

// plainQueue is SQS.1. Without either property, SQS encrypts with a key of its own.
func plainQueue(m *model) []Finding {
	return m.each(sqsQueue, func(queue *resource) []Finding {
		if !queue.at("KmsMasterKeyId").absent() {
			return nil
		}
		return where(queue.at("SqsManagedSseEnabled"), is("false"), "messages are kept in plain: set SqsManagedSseEnabled, or a key")
	})
}
