package rules

import (
	"encoding/json"
	"testing"
)

// resolverTemplates refer to each other in every way. Twice is there two times.
var resolverTemplates = map[string]string{
	"Shop": `{
		"Parameters": {"Size": {"Type": "String"}},
		"Resources": {
			"Group": {"Type": "AWS::EC2::SecurityGroup"},
			"Logs": {"Type": "AWS::Logs::LogGroup"},
			"Named": {"Type": "AWS::Logs::LogGroup",
				"Properties": {"LogGroupName": {"Fn::Sub": "/${AWS::StackName}/api"}}},
			"Circle": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Ref": "Circle"}}},
			"Custom": {"Type": "Custom::Thing"},
			"Nested": {"Type": "AWS::CloudFormation::Stack",
				"Properties": {"Parameters": {"Group": {"Fn::GetAtt": "Group.GroupId"}}}},
			"NotNested": {"Type": "AWS::EC2::VPC"}
		},
		"Outputs": {
			"NoExport": {"Value": "1"},
			"Group": {"Value": {"Ref": "Group"},
				"Export": {"Name": {"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, "group"]]}}},
			"Circle": {"Value": {"Fn::GetStackOutput": {"StackName": "Shop", "OutputName": "Circle"}}}
		}
	}`,
	"Shop/Nested": `{
		"Parameters": {"Group": {"Type": "String"}, "Other": {"Type": "String"}},
		"Outputs": {"Group": {"Value": {"Ref": "Group"}}, "Other": {"Value": {"Ref": "Other"}}}
	}`,
	"Twice": `{"Outputs": {
		"A": {"Value": "1", "Export": {"Name": "twice"}},
		"B": {"Value": "1", "Export": {"Name": "twice-too"}}
	}}`,
}

func TestResolve(t *testing.T) {
	var templates []Template
	for _, name := range []string{"Shop", "Shop/Nested", "Twice", "Twice"} {
		template, err := Parse(name, []byte(resolverTemplates[name]))
		if err != nil {
			t.Fatal(err)
		}
		templates = append(templates, template)
	}
	m := newModel(templates)
	shop := m.byName["Shop"]
	for _, test := range []struct {
		value, want string
		known       bool
	}{
		{`null`, "", true},
		{`"text"`, "text", true},
		{`80`, "80", true},
		{`0.5`, "0.5", true},
		{`true`, "true", true},
		{`{"a": 1}`, `{"a":1}`, false},
		{"\"\U000F0000\"", "\uFFFD", true},

		{`{"Ref": "AWS::Region"}`, "${AWS::Region}", true},
		{`{"Ref": "AWS::AccountId"}`, "${AWS::AccountId}", true},
		{`{"Ref": "AWS::Partition"}`, "${AWS::Partition}", true},
		{`{"Ref": "AWS::URLSuffix"}`, "${AWS::URLSuffix}", true},
		{`{"Ref": "AWS::StackName"}`, "Shop", true},
		{`{"Ref": "AWS::StackId"}`, "${Shop/AWS::StackId}", false},
		{`{"Ref": "Size"}`, "${Shop/Size}", false},
		{`{"Ref": "Group"}`, "${Shop/Group}", true},
		{`{"Ref": "Logs"}`, "${Shop/Logs.LogGroupName}", true},
		{`{"Ref": "Named"}`, "/Shop/api", true},
		{`{"Ref": "Circle"}`, "a reference to itself", false},
		{`{"Ref": "Custom"}`, "${Shop/Custom}", false},
		{`{"Ref": 1}`, `{"Ref":1}`, false},

		{`{"Fn::GetAtt": ["Group", "GroupId"]}`, "${Shop/Group}", true},
		{`{"Fn::GetAtt": "Group.Id"}`, "${Shop/Group}", true},
		{`{"Fn::GetAtt": "Group.VpcId"}`, "${Shop/Group.VpcId}", false},
		{`{"Fn::GetAtt": "Nobody.Arn"}`, `{"Fn::GetAtt":"Nobody.Arn"}`, false},
		{`{"Fn::GetAtt": "Named.Arn"}`,
			"arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/Shop/api:*", true},
		{`{"Fn::GetAtt": "Nested.Outputs.Group"}`, "${Shop/Group}", true},
		{`{"Fn::GetAtt": ["Nested", "Outputs.Other"]}`, "${Shop/Nested/Other}", false},
		{`{"Fn::GetAtt": "Nested.Outputs.None"}`, "${Shop/Nested.None}", false},
		{`{"Fn::GetAtt": "NotNested.Outputs.Group"}`, "${Shop/NotNested.Outputs.Group}", false},
		{`{"Fn::GetAtt": "Nested.Arn"}`, "${Shop/Nested.Arn}", false},

		{`{"Fn::Join": ["-", ["a", {"Ref": "AWS::Region"}, null, 1]]}`, "a-${AWS::Region}-1", true},
		{`{"Fn::Join": ["-", {"Fn::Split": [",", "a,b"]}]}`, "a-b", true},
		{`{"Fn::Join": ["-", {"Fn::Split": [",", {"Ref": "Size"}]}]}`,
			`{"Fn::Join":["-",{"Fn::Split":[",",{"Ref":"Size"}]}]}`, false},
		{`{"Fn::Join": ["-", {"Ref": "Size"}]}`, `{"Fn::Join":["-",{"Ref":"Size"}]}`, false},
		{`{"Fn::Join": ["-"]}`, `{"Fn::Join":["-"]}`, false},

		{`{"Fn::Sub": "${Group}/${Group.GroupId}/${AWS::Region}/${!Group}"}`,
			"${Shop/Group}/${Shop/Group}/${AWS::Region}/${Group}", true},
		{`{"Fn::Sub": ["${a}${Group}", {"a": {"Ref": "Named"}}]}`, "/Shop/api${Shop/Group}", true},
		{`{"Fn::Sub": ["${a}"]}`, `{"Fn::Sub":["${a}"]}`, false},

		{`{"Fn::Select": [1, ["a", "b"]]}`, "b", true},
		{`{"Fn::Select": ["0", {"Fn::Split": [":", {"Fn::GetAtt": "Logs.Arn"}]}]}`, "arn", true},
		{`{"Fn::Select": [4, {"Fn::Split": [":", {"Fn::GetAtt": "Logs.Arn"}]}]}`, "${AWS::AccountId}", true},
		{`{"Fn::Select": [1, {"Fn::Split": [",", {"Fn::Join": [",", ["sg-1", {"Ref": "Group"}]]}]}]}`,
			"${Shop/Group}", true},
		{`{"Fn::Select": [0, {"Fn::Split": ["/", {"Ref": "Group"}]}]}`,
			`{"Fn::Select":[0,{"Fn::Split":["/",{"Ref":"Group"}]}]}`, false},
		{`{"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "Size"}]}]}`,
			`{"Fn::Select":[0,{"Fn::Split":[",",{"Ref":"Size"}]}]}`, false},
		{`{"Fn::Select": [0, {"Fn::Split": ["", "ab"]}]}`, `{"Fn::Select":[0,{"Fn::Split":["","ab"]}]}`, false},
		{`{"Fn::Select": [0, {"Fn::GetAZs": ""}]}`, `{"Fn::Select":[0,{"Fn::GetAZs":""}]}`, false},
		{`{"Fn::Select": [2, ["a", "b"]]}`, `{"Fn::Select":[2,["a","b"]]}`, false},
		{`{"Fn::Select": [-1, ["a", "b"]]}`, `{"Fn::Select":[-1,["a","b"]]}`, false},
		{`{"Fn::Select": ["a", ["a", "b"]]}`, `{"Fn::Select":["a",["a","b"]]}`, false},
		{`{"Fn::Select": [0]}`, `{"Fn::Select":[0]}`, false},
		{`{"Fn::Split": [",", "a"]}`, `{"Fn::Split":[",","a"]}`, false},

		{`{"Fn::ImportValue": "Shop-group"}`, "${Shop/Group}", true},
		{`{"Fn::ImportValue": {"Fn::Sub": "${AWS::StackName}-group"}}`, "${Shop/Group}", true},
		{`{"Fn::ImportValue": "none"}`, "${import none}", false},
		{`{"Fn::ImportValue": "twice"}`, "${import twice}", false},
		{`{"Fn::ImportValue": "twice-too"}`, "${import twice-too}", false},
		{`{"Fn::GetStackOutput": {"StackName": "Shop", "OutputName": "Group"}}`, "${Shop/Group}", true},
		{`{"Fn::GetStackOutput": {"StackName": "Shop", "OutputName": "None"}}`, "${Shop.None}", false},
		{`{"Fn::GetStackOutput": {"StackName": "Shop", "OutputName": "Circle"}}`, "a reference to itself", false},
		{`{"Fn::GetStackOutput": {"StackName": "Twice", "OutputName": "A"}}`, "${Twice.A}", false},
		{`{"Fn::GetStackOutput": {"StackName": "Shop"}}`, `{"Fn::GetStackOutput":{"StackName":"Shop"}}`, false},
		{`{"Fn::If": ["A", "a", "a"]}`, `{"Fn::If":["A","a","a"]}`, false},
	} {
		var value any
		if err := json.Unmarshal([]byte(test.value), &value); err != nil {
			t.Fatalf("%s: %v", test.value, err)
		}
		text := m.resolve(shop, value)
		if got := m.show(text); got != test.want {
			t.Errorf("%s: got %s, want %s", test.value, got, test.want)
		}
		if got := m.known(text); got != test.known {
			t.Errorf("%s: known is %v", test.value, got)
		}
		if again := m.resolve(shop, value); again != text {
			t.Errorf("%s: is not equal to itself", test.value)
		}
	}
	if a, b := m.resolve(shop, "${Shop/Group}"), m.resolve(shop, map[string]any{"Ref": "Group"}); a == b {
		t.Error("a literal text is taken for a reference")
	}
}
