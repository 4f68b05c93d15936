package snapshot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"
)

// newAssets returns a stack whose outputs refer to a file and to an image with these hashes.
func newAssets(t *testing.T, app awscdk.App, fileHash, imageHash string) awscdk.Stack {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "Dockerfile"), "FROM scratch\n")
	stack := awscdk.NewStack(app, jsii.String("Assets"), nil)
	file := stack.Synthesizer().AddFileAsset(&awscdk.FileAssetSource{
		SourceHash: &fileHash,
		FileName:   jsii.String(dir),
		Packaging:  awscdk.FileAssetPackaging_ZIP_DIRECTORY,
	})
	image := stack.Synthesizer().AddDockerImageAsset(&awscdk.DockerImageAssetSource{
		SourceHash:    &imageHash,
		DirectoryName: jsii.String(dir),
	})
	awscdk.NewCfnOutput(stack, jsii.String("File"), &awscdk.CfnOutputProps{Value: file.ObjectKey})
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: file.HttpUrl})
	awscdk.NewCfnOutput(stack, jsii.String("Image"), &awscdk.CfnOutputProps{Value: image.ImageUri})
	return stack
}

func TestHashesOfAssetsDoNotMatter(t *testing.T) {
	inModule(t)
	Match(t, newAssets(t, NewApp(t), strings.Repeat("a", 64), strings.Repeat("b", 64)))

	nextRun()
	file, image := strings.Repeat("c", 64), strings.Repeat("d", 64)
	stack := newAssets(t, NewApp(t), file, image)
	Match(t, stack)
	template := compact(Template(t, stack))
	if strings.Count(template, file) != 2 || strings.Count(template, image) != 1 {
		t.Errorf("the template should have the hash of the file twice and of the image once:\n%s", template)
	}
	golden := readFile(t, filepath.Join("testdata", "Assets.json"))
	for _, want := range []string{`"<hash>.zip"`, `/<hash>.zip"`, `:<hash>"`} {
		if !strings.Contains(golden, want) {
			t.Errorf("the golden lacks %s:\n%s", want, golden)
		}
	}
}

// newNested returns a stack with a topic in a nested stack of a nested stack.
func newNested(app awscdk.App, topicName string) (parent awscdk.Stack, nested awscdk.NestedStack) {
	parent = awscdk.NewStack(app, jsii.String("Shop"), nil)
	nested = awscdk.NewNestedStack(parent, jsii.String("Messages"), nil)
	inner := awscdk.NewNestedStack(nested, jsii.String("Topics"), nil)
	awssns.NewCfnTopic(inner, jsii.String("Topic"), &awssns.CfnTopicProps{TopicName: &topicName})
	return parent, nested
}

func TestChangeInNestedStackIsReported(t *testing.T) {
	inModule(t)
	parent, _ := newNested(NewApp(t), "orders")
	Match(t, parent)

	nextRun()
	parent, nested := newNested(NewApp(t), "returns")
	record(t, func(t testing.TB) { Match(t, parent) }).wantFailure(t,
		" > Topic (AWS::SNS::Topic) Shop/Messages/Topics/Topic\n      Properties.TopicName: \"orders\" → \"returns\"\n\nto")

	Match(t, nested)
	if _, err := os.Stat(filepath.Join("testdata", "Shop-Messages.json")); err != nil {
		t.Errorf("the nested stack has no golden of its own: %v", err)
	}
}
