package property

import (
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/httpapi"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/patterns/backend"
	"github.com/ecskit/ecskit/patterns/web"
)

// garbler fills props with anything that a compiler lets through, by reflection.
type garbler struct {
	made      map[reflect.Type][]reflect.Value // constructs that exist, and for interfaces of the CDK nil pointers too
	implement map[reflect.Type][]reflect.Type  // the library's own types that an interface takes
}

// Pointers that are nil in interfaces which are not: what a function returns that declares a type of its own.
type (
	noVPC        struct{ awsec2.IVpc }
	noSubnet     struct{ awsec2.ISubnet }
	noGroup      struct{ awsec2.ISecurityGroup }
	noKey        struct{ awskms.IKey }
	noRepository struct{ awsecr.IRepository }
	noBucket     struct{ awss3.IBucket }
	noFunction   struct{ awslambda.IFunction }
	noTopic      struct{ awssns.ITopic }
	noQueue      struct{ awssqs.IQueue }
)

func newGarbler(w *scene) *garbler {
	f := &garbler{made: map[reflect.Type][]reflect.Value{}, implement: map[reflect.Type][]reflect.Type{
		typeOf[deployment.Policy](): {
			typeOf[deployment.Rolling](), typeOf[deployment.BlueGreen](), typeOf[deployment.Canary](), typeOf[deployment.Linear](),
			typeOf[deployment.CodeDeploy](),
		},
		typeOf[cluster.Capacity](): {
			typeOf[cluster.Fargate](), typeOf[cluster.Spot](), typeOf[cluster.AllPools](), typeOf[cluster.Mix](),
			typeOf[*cluster.Pool](), typeOf[*cluster.ManagedInstances](),
		},
		typeOf[secret.Source]():      {typeOf[secret.ParameterStore](), typeOf[secret.SecretsManager](), typeOf[*secret.Generated]()},
		typeOf[ingress.SignIn]():     {typeOf[ingress.OIDC](), typeOf[ingress.Cognito]()},
		typeOf[httpapi.Authorizer](): {typeOf[httpapi.JWT](), typeOf[httpapi.IAM]()},
		typeOf[service.Caller]():     {typeOf[*service.Service](), typeOf[*web.Web](), typeOf[*backend.Backend]()},
	}}
	p := w.platform
	for _, made := range []any{
		p, p.Network, p.Cluster, p.Namespace, p.AlarmTopic, p.SecretsKey, p.Public, p.Internal, w.closed, w.closedIn, w.imported, w.alb,
		w.nlb, w.pool, w.arm, w.managed, w.generated, w.caller,
	} {
		f.made[reflect.TypeOf(made)] = append(f.made[reflect.TypeOf(made)], reflect.ValueOf(made))
	}
	subnet := w.platform.Network.PrivateSubnets[0]
	give[awsec2.IVpc](f, w.vpc, w.platform.Network.VPC, (*noVPC)(nil))
	give[awsec2.ISubnet](f, subnet, (*noSubnet)(nil))
	give[awsec2.ISecurityGroup](f, w.pool.SecurityGroup, (*noGroup)(nil))
	give[awskms.IKey](f, w.key, w.platform.SecretsKey.Key, (*noKey)(nil))
	give[awsecr.IRepository](f, w.repository, (*noRepository)(nil))
	give[awss3.IBucket](f, w.bucket, (*noBucket)(nil))
	give[awslambda.IFunction](f, w.function, (*noFunction)(nil))
	give[awssns.ITopic](f, w.topic, w.fifo, (*noTopic)(nil))
	give[awssqs.IQueue](f, w.queue, (*noQueue)(nil))
	return f
}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

func give[I any](f *garbler, values ...I) {
	for _, v := range values {
		value := reflect.New(typeOf[I]()).Elem()
		value.Set(reflect.ValueOf(v))
		f.made[typeOf[I]()] = append(f.made[typeOf[I]()], value)
	}
}

// wildness is how much of the props is garbage.
type wildness int

const (
	mild wildness = iota // mostly zero, or what could be meant
	wild                 // half of it
	mad                  // all of it
)

func (w wildness) garbage(t *rapid.T) bool {
	return rapid.IntRange(0, 99).Draw(t, "garbage") < []int{mild: 5, wild: 50, mad: 100}[w]
}

func (w wildness) zero(t *rapid.T) bool {
	return rapid.IntRange(0, 99).Draw(t, "zero") < []int{mild: 70, wild: 40, mad: 10}[w]
}

// maxDepth is how many pointers, lists, maps and interfaces can be inside of one another.
const maxDepth = 6

// fill sets v, whose field in its struct has this name, to anything.
func (f *garbler) fill(t *rapid.T, v reflect.Value, name string, w wildness, depth int) {
	if v.Kind() != reflect.Struct && w.zero(t) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() {
				f.fill(t, v.Field(i), field.Name, w, depth)
			}
		}
	case reflect.Pointer:
		f.pointer(t, v, name, w, depth)
	case reflect.Interface:
		f.anInterface(t, v, name, w, depth)
	case reflect.Slice:
		n := rapid.SampledFrom([]int{0, 1, 1, 2, 3, 42}).Draw(t, "length")
		if depth == maxDepth || v.Type().Elem().Kind() == reflect.Struct {
			n = min(n, 2)
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			f.fill(t, v.Index(i), name, w, depth+1)
			if i > 0 && rapid.IntRange(0, 4).Draw(t, "again") == 0 {
				v.Index(i).Set(v.Index(i - 1))
			}
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range rapid.IntRange(0, 3).Draw(t, "entries") {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			f.fill(t, key, name, w, depth+1)
			f.fill(t, value, name, w, depth+1)
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		v.SetString(aText(t, v.Type(), name, w))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(int64(rapid.SampledFrom(numbers(w.garbage(t))).Draw(t, name)))
	case reflect.Int64:
		if v.Type() != typeOf[time.Duration]() {
			panic("no idea how to fill " + v.Type().String())
		}
		v.SetInt(int64(rapid.SampledFrom(durations(w.garbage(t))).Draw(t, name)))
	case reflect.Float64:
		v.SetFloat(rapid.SampledFrom(floats(w.garbage(t))).Draw(t, name))
	default:
		panic("no idea how to fill " + v.Type().String())
	}
}

func (f *garbler) pointer(t *rapid.T, v reflect.Value, name string, w wildness, depth int) {
	made := f.made[v.Type()]
	switch {
	case w.garbage(t) && depth > 0 && made != nil, depth == maxDepth:
	case made != nil && !w.garbage(t):
		v.Set(rapid.SampledFrom(made).Draw(t, name))
	case made != nil || v.Type().Elem().Kind() == reflect.Struct && isConstruct(v.Type()):
		v.Set(reflect.New(v.Type().Elem())) // one that nobody has made
	default:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(t, v.Elem(), name, w, depth+1)
	}
}

// isConstruct reports whether what a pointer leads to is for a constructor to make.
func isConstruct(pointer reflect.Type) bool {
	_, embedded := pointer.Elem().FieldByName("Construct")
	return embedded
}

func (f *garbler) anInterface(t *rapid.T, v reflect.Value, name string, w wildness, depth int) {
	if v.Type() == typeOf[any]() {
		if value := reflect.ValueOf(rapid.SampledFrom(anything).Draw(t, name)); value.IsValid() {
			v.Set(value)
		}
		return
	}
	if made := f.made[v.Type()]; made != nil {
		if !w.garbage(t) {
			made = made[:1]
		}
		v.Set(rapid.SampledFrom(made).Draw(t, name))
		return
	}
	types, known := f.implement[v.Type()]
	if !known {
		panic("no idea what is a " + v.Type().String())
	}
	kind := rapid.SampledFrom(types).Draw(t, "type")
	value := reflect.New(kind)
	f.fill(t, value.Elem(), name, w, depth+1)
	switch shape := rapid.IntRange(0, 9).Draw(t, "shape"); {
	case kind.Kind() == reflect.Pointer || shape < 6:
		v.Set(value.Elem())
	case shape < 9 || !w.garbage(t):
		v.Set(value) // a pointer has the methods of what it leads to
	default:
		v.Set(reflect.Zero(value.Type()))
	}
}

var anything = []any{
	nil, "", "x", 1, -1.5, true, math.NaN(), math.Inf(1), []any{}, []any{"a", nil}, []string{"a"}, map[string]any{}, map[string]any{"a": []any{1}},
	func() {}, make(chan int), map[int]any{1: nil}, (*int)(nil), struct{}{}, "${Token[TOKEN.1]}",
}

func numbers(garbage bool) []int {
	if garbage {
		return []int{-1, -1 << 63, 1<<63 - 1, 1 << 31, 65536, 70000, 7, 100001}
	}
	return []int{1, 2, 3, 10, 50, 80, 90, 100, 200, 256, 404, 443, 512, 1000, 1024, 2048, 8080, 8443}
}

func durations(garbage bool) []time.Duration {
	if garbage {
		return []time.Duration{
			-1, 1, -time.Second, math.MinInt64, math.MaxInt64, time.Second + 1, 1500 * time.Millisecond, 100000 * time.Hour, 61 * time.Second,
		}
	}
	return []time.Duration{
		time.Millisecond, time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute,
		time.Hour, 24 * time.Hour,
	}
}

func floats(garbage bool) []float64 {
	if garbage {
		return []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 1e308, 5e-324, 0.15, math.Copysign(0, -1)}
	}
	return []float64{0.5, 1, 10, 20, 50}
}

// aText returns a value for a text that has this name.
func aText(t *rapid.T, of reflect.Type, name string, w wildness) string {
	if w.garbage(t) {
		return rapid.OneOf(rapid.SampledFrom(badTexts), rapid.String()).Draw(t, name)
	}
	if values := words[of]; values != nil {
		return rapid.SampledFrom(values).Draw(t, name)
	}
	if values := goodTexts[name]; values != nil {
		return rapid.SampledFrom(values).Draw(t, name)
	}
	return rapid.SampledFrom(someTexts).Draw(t, name)
}

var badTexts = []string{
	"", " ", "/", "//", ":", "::::", "\x00", "a\nb", "a\tb", "\x7f", "\xff\xfe", "é", "日本", strings.Repeat("x", 5000), "${Token[", "${Token[TOKEN.99999]}",
	"a=b", "*", "?", "**", "arn:", "arn:aws:::::", "0.0.0.0/0", "1.2.3.4/33", "::/0", "10.0.0.1/8", "-", "--", ".", "..", "a..b", "{}", "{{resolve:ssm:x}}",
	"cron()", "cron(* * * * * *)", "rate(0 days)", "at(x)", "(", "[", "\\", "https://", "http://%", "#{path}", "#{", "%s%d%v%!", "main", "$default",
	"spread(attribute:)", "PASSWORD", "alias/x", "aws/x", "root", "0:0", "CMD",
}

var someTexts = []string{"a", "shop", "orders", "main", "A1", "x-y"}
