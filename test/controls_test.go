package test

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/ecskit/ecskit/test/rules"
)

// Reasons that several exceptions have.
const (
	optedOut = "the case opts out of it, which is what it is there to show"
	hostCase = "the case is there to show network mode host"
	takeDown = "it is to be taken down again without a detour"
)

// controlExceptions are the breaches of controls of Security Hub that an example or a case asks for, by its stack.
var controlExceptions = map[string][]rules.Except{
	"Fleet": {{
		Rule: "ECS.20", LogicalID: "LogShipperServiceTaskDefinition909A45EF", Reason: "root alone can read the logs of the ECS agent",
	}},
	"Hello": {{Rule: "ELB.6", LogicalID: "PlatformPublicLoadBalancerB3F7C4D6", Reason: takeDown}},

	"APIs": {{Rule: "ELB.5", LogicalID: "PlainLoadBalancerEC7DAECD", Reason: optedOut}},
	"Development": {
		{Rule: "ECS.17", LogicalID: "AgentServiceTaskDefinitionC1D6C305", Reason: hostCase},
		{Rule: "ECS.19", LogicalID: "PoolProvider7E972134", Reason: takeDown},
		{Rule: "ELB.6", LogicalID: "PlatformPublicLoadBalancerB3F7C4D6", Reason: takeDown},
	},
	"Discoverable": {{Rule: "ECS.17", LogicalID: "MetricsServiceTaskDefinitionFE74BF65", Reason: hostCase}},
	"Graphics":     {{Rule: "ECS.17", LogicalID: "TailTaskDefinition491D814B", Reason: hostCase}},
	"Modes":        {{Rule: "ECS.17", LogicalID: "HostServiceTaskDefinition3BB8709F", Reason: hostCase}},
	"Relaxed": {
		{Rule: "ECS.5", LogicalID: "WebServiceTaskDefinition7269B2D4", Reason: optedOut},
		{Rule: "ECS.12", LogicalID: "PlatformClusterF30B9301", Reason: optedOut},
		{Rule: "ECS.20", LogicalID: "WebServiceTaskDefinition7269B2D4", Reason: optedOut},
		{Rule: "ELB.5", LogicalID: "PlatformInternalLoadBalancerB9DAC1D4", Reason: optedOut},
		{Rule: "ELB.5", LogicalID: "PlatformPublicLoadBalancerB3F7C4D6", Reason: optedOut},
		{Rule: "ELB.6", LogicalID: "PlatformInternalLoadBalancerB9DAC1D4", Reason: optedOut},
		{Rule: "ELB.6", LogicalID: "PlatformPublicLoadBalancerB3F7C4D6", Reason: optedOut},
	},
	"Streams": {
		{Rule: "ECS.17", LogicalID: "MetricsTaskDefinition001A9DE6", Reason: hostCase},
		{Rule: "ELB.6", LogicalID: "InsideLoadBalancerD3A7F9F0", Reason: optedOut},
	},
	"Windows": {{
		Rule: "ECS.21", LogicalID: "ServiceTaskDefinitionA378C419",
		Reason: "the user is that of the image: the library sets none on Windows, and what starts IIS has to be administrator",
	}},
	"WorkersShared": {{Rule: "KMS.4", LogicalID: "OwnKeyFF146825", Reason: "the case makes it only to have one"}},
}

// TestControlExceptions finds a stack for each exception, which nothing else misses.
func TestControlExceptions(t *testing.T) {
	for stack := range controlExceptions {
		if _, err := os.Stat("testdata/" + stack + ".json"); errors.Is(err, fs.ErrNotExist) {
			t.Errorf("there is no stack %s", stack)
		}
	}
}
