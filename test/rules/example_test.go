package rules_test

import (
	"fmt"
	"log"

	"github.com/ecskit/ecskit/test/rules"
)

const template = `{
  "Resources": {
    "Bastion": {
      "Type": "AWS::EC2::SecurityGroup",
      "Properties": {
        "SecurityGroupIngress": [{"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}]
      }
    },
    "Task": {
      "Type": "AWS::ECS::TaskDefinition",
      "Properties": {"RequiresCompatibilities": ["FARGATE"], "Cpu": "256", "Memory": "4096"}
    }
  }
}`

func Example() {
	shop, err := rules.Parse("Shop", []byte(template))
	if err != nil {
		log.Fatal(err)
	}
	findings := rules.Accept(rules.Check(shop),
		rules.Except{Rule: "open-ingress", LogicalID: "Bastion", Reason: "reached from anywhere, with keys only"})
	for _, finding := range findings {
		fmt.Println(finding.Rule, finding.LogicalID, finding.Path)
	}
	// Output: fargate-size Task Properties.Memory
}

func ExampleAll() {
	for _, rule := range rules.All()[:1] {
		fmt.Printf("%s: %s\n", rule.ID, rule.Doc)
	}
	// Output: fargate-size: a task definition for Fargate has a pair of Cpu and Memory that Fargate offers
}
