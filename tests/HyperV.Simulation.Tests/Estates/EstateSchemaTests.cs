using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HostAgent.Documents;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests.Estates;

/// <summary>The published schema and the reader allow the same: keys, names and ranges are compared with what the reader itself says.</summary>
public sealed class EstateSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(File.ReadAllText(SchemaFile()))!;

    public static TheoryData<string> FaultKinds => [.. Definition("faults").Select(fault => fault.Key)];

    [Fact]
    public void Every_mapping_has_the_keys_of_the_reader()
    {
        KnownKeys(new JsonObject(), root => root).ShouldBe(Keys(Schema));
        KnownKeys(Document(new JsonObject()), root => root["hosts"]![0]!.AsObject()).ShouldBe(Keys(Definition("host")));
        KnownKeys(Document(Host(new JsonObject())), root => root["hosts"]![0]!["virtualMachines"]![0]!.AsObject()).ShouldBe(Keys(Definition("virtualMachine")));
        KnownKeys(Document(new JsonObject { ["authorizationEntries"] = new JsonArray(new JsonObject()) }), root => root["hosts"]![0]!["authorizationEntries"]![0]!.AsObject())
            .ShouldBe(Keys(Definition("authorizationEntry")));
        foreach (var (key, definition, list) in new[] { ("certificates", "certificate", true), ("cluster", "cluster", false), ("volumes", "volume", true) })
        {
            var host = new JsonObject { [key] = list ? new JsonArray(new JsonObject()) : new JsonObject() };
            KnownKeys(Document(host), root => (list ? root["hosts"]![0]![key]![0] : root["hosts"]![0]![key])!.AsObject()).ShouldBe(Keys(Definition(definition)));
        }

        var generated = new JsonObject { ["generate"] = new JsonObject() };
        KnownKeys(generated, root => root["generate"]!.AsObject()).ShouldBe(Keys(Definition("generator")));
    }

    [Theory]
    [MemberData(nameof(FaultKinds))]
    public void Every_fault_has_the_keys_of_the_reader(string kind)
        => KnownKeys(Document(new JsonObject { ["faults"] = new JsonArray(new JsonObject { ["kind"] = kind }) }), root => root["hosts"]![0]!["faults"]![0]!.AsObject())
            .ShouldBe(Keys(Definition("faults")[kind]!));

    [Fact]
    public void Hosts_and_machines_have_the_kinds_of_fault_of_the_reader()
    {
        var wrong = new JsonArray(new JsonObject { ["kind"] = "zzz" });
        KindsAllowed(Document(new JsonObject { ["faults"] = wrong.DeepClone() })).ShouldBe(KindsOf("host"));
        KindsAllowed(Document(Host(new JsonObject { ["faults"] = wrong.DeepClone() }))).ShouldBe(KindsOf("virtualMachine"));
    }

    [Theory]
    [InlineData("host")]
    [InlineData("virtualMachine")]
    public void Names_and_ranges_are_those_of_the_reader(string owner)
    {
        foreach (var (key, declared) in Definition(owner)["properties"]!.AsObject())
        {
            var rule = Resolve(declared!);
            if (rule["enum"] is JsonArray names)
            {
                ErrorOf(owner, key, "zzz")!.Allowed.ShouldBe("one of " + string.Join(", ", names.Select(name => name!.GetValue<string>())), $"{owner}.{key}");
            }
            else if (rule["minimum"] is { } minimum && rule["maximum"] is { } maximum)
            {
                var (low, high) = (minimum.GetValue<decimal>(), maximum.GetValue<decimal>());
                ErrorOf(owner, key, low).ShouldBeNull($"{owner}.{key}");
                ErrorOf(owner, key, high, diskGigabytes: 65_536).ShouldBeNull($"{owner}.{key}");
                ErrorOf(owner, key, low - 1).ShouldNotBeNull($"{owner}.{key}");
                ErrorOf(owner, key, high + 1, diskGigabytes: 65_536).ShouldNotBeNull($"{owner}.{key}");
            }
            else if (rule["maxLength"] is { } length)
            {
                ErrorOf(owner, key, new string('x', length.GetValue<int>())).ShouldBeNull($"{owner}.{key}");
                ErrorOf(owner, key, new string('x', length.GetValue<int>() + 1)).ShouldNotBeNull($"{owner}.{key}");
            }
        }
    }

    [Theory]
    [InlineData("host")]
    [InlineData("virtualMachine")]
    public void Lists_end_at_the_same_number(string owner)
    {
        var lists = Definition(owner)["properties"]!.AsObject().Where(property => property.Value!["items"] is not null && property.Value["minItems"]?.GetValue<int>() != property.Value["maxItems"]!.GetValue<int>());
        foreach (var (key, list) in lists)
        {
            var most = list!["maxItems"]!.GetValue<int>();
            ErrorOf(owner, key, new JsonArray([.. Enumerable.Range(0, most + 1).Select(number => JsonValue.Create(number))]))!.Message
                .ShouldEndWith($"has {most + 1} elements; it may have at most {most}.", customMessage: $"{owner}.{key}");
        }
    }

    [Fact]
    public void Defaults_are_those_of_the_reader()
    {
        // Written out in full and left out, the estate is the same.
        var machine = Defaults("virtualMachine");
        var host = Defaults("host");
        var spelled = EstateDocument.Write(Parse(Document(With(host, Host(machine)))));
        spelled.ShouldBe(EstateDocument.Write(Parse(Document(Host(new JsonObject())))).Replace(
            "  virtualMachines:", "  failbackStates:\n  - recovered\n  - committed\n  virtualMachines:", StringComparison.Ordinal));
    }

    private static JsonObject With(JsonObject values, JsonObject host)
    {
        foreach (var (key, value) in host.ToList())
        {
            values[key] = value!.DeepClone();
        }

        return values;
    }

    private static JsonObject Defaults(string owner)
    {
        var values = new JsonObject();
        foreach (var (key, declared) in Definition(owner)["properties"]!.AsObject())
        {
            if (declared!["default"] is { } value)
            {
                values[key] = value.DeepClone();
            }
        }

        return values;
    }

    private static Estate Parse(JsonObject document) => EstateDocument.Parse(document.ToJsonString(), "estate.json").Require();

    private static DocumentError? ErrorOf(string owner, string key, object value, int? diskGigabytes = null)
    {
        var values = new JsonObject();
        if (diskGigabytes is { } disk && owner == "virtualMachine")
        {
            values["diskGigabytes"] = disk;
        }

        values[key] = JsonSerializer.SerializeToNode(value);
        var document = owner == "host" ? Document(values) : Document(Host(values));
        return EstateDocument.Parse(document.ToJsonString(), "estate.json").Errors.FirstOrDefault(error => error.Path.EndsWith("." + key, StringComparison.Ordinal));
    }

    private static List<string> KnownKeys(JsonObject document, Func<JsonObject, JsonObject> mapping)
    {
        mapping(document)["zzzz"] = 1;
        var error = EstateDocument.Parse(document.ToJsonString(), "estate.json").Errors.Single(found => found.Path.EndsWith("zzzz", StringComparison.Ordinal));
        return [.. error.Allowed.Split(", ")];
    }

    private static List<string> KindsAllowed(JsonObject document)
        => [.. EstateDocument.Parse(document.ToJsonString(), "estate.json").Errors.Single().Allowed["one of ".Length..].Split(", ").Order(StringComparer.Ordinal)];

    private static List<string> KindsOf(string owner)
        => [.. Definition(owner)["properties"]!["faults"]!["items"]!["oneOf"]!.AsArray()
            .Select(reference => reference!["$ref"]!.GetValue<string>().Split('/')[^1]).Order(StringComparer.Ordinal)];

    private static List<string> Keys(JsonNode mapping) => [.. mapping["properties"]!.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal)];

    private static JsonObject Document(JsonObject host)
    {
        host.TryAdd("name", "hv-1");
        return new JsonObject { ["apiVersion"] = "failback/v1", ["kind"] = "Estate", ["hosts"] = new JsonArray(host) };
    }

    private static JsonObject Host(JsonObject machine)
    {
        machine.TryAdd("name", "vm-1");
        machine.TryAdd("id", "8f14e45f-ceea-467f-a0e6-0b1c6a3f9a10");
        return new JsonObject { ["virtualMachines"] = new JsonArray(machine) };
    }

    private static JsonObject Definition(string name) => Schema["$defs"]![name]!.AsObject();

    private static JsonNode Resolve(JsonNode declared)
        => declared["$ref"] is { } reference ? Definition(reference.GetValue<string>().Split('/')[^1]) : declared;

    private static string SchemaFile()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HostAgent.sln")))
            {
                return Path.Combine(folder.FullName, "src", "HyperV.Simulation", "estate.schema.json");
            }
        }

        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The tests do not stand in the repository: {AppContext.BaseDirectory}."));
    }
}
