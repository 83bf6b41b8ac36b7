using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Xunit;
using HostAgent.Documents;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Tests.Shared;

namespace HostAgent.HyperV.Simulation.Tests.Estates;

/// <summary>The schema that the readers describe, and what they read, allow the same: keys, names and ranges are compared with what the errors say.</summary>
public sealed class EstateSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(EstateDocument.DescribeSchema())!;

    public static TheoryData<string> FaultKinds => [.. KindsOf("host")];

    /// <summary>Every key of the document, once; the machines have the kinds of fault that hosts have not.</summary>
    private const string Everything = """
        {"apiVersion": "failback/v1", "kind": "Estate", "seed": 7, "generate": {"hosts": 1, "virtualMachines": 1, "seed": 3, "scenario": "failedOver"}, "hosts": [{
          "name": "HV-WEST-09", "platform": "windowsServer2019", "site": "dr-west", "primarySite": "main-west", "linkMegabitsPerSecond": 500, "compareMegabytesPerSecond": 80,
          "mergeMegabytesPerSecond": 150, "maxConcurrentJobs": 4, "provider": "inBox", "providerSupportsFailback": true, "primarySiteReachable": false,
          "afterFailure": "formerState", "afterCancel": "critical", "failbackNeedsOff": false,
          "checkOrder": ["access", "computerSystem", "settingsText", "settingsOwner", "state", "mode", "notBusy", "providerSupport", "providerReach", "recoveryPoint"],
          "failbackStates": ["recovered", "replicating"], "recoveryServerEnabled": false, "allowedAuthentication": "both", "httpPort": 8080, "httpsPort": 8443, "monitoringInterval": "6h",
          "authorizationEntries": [{"allowedPrimaryHostSystem": "hv-main.example", "trustGroup": "GOLD", "replicaStorageLocation": "E:\\Replicas"}],
          "certificates": [{"name": "old", "expiredFor": "2d", "usages": ["serverAuthentication"]}, {"name": "new", "dnsNames": ["hv-west-01.contoso.test"], "startsIn": "1h", "expiresIn": "30d"}],
          "switches": ["prod", "lab", "host"], "privateSwitches": ["lab"], "internalSwitches": ["host"], "memoryMegabytes": 65536, "supportedVersions": ["8.0", "9.0"], "clockOffsetSeconds": -30,
          "cluster": {"name": "CL-WEST", "broker": "failed"},
          "volumes": [{"name": "C:\\", "capacityGigabytes": 4000, "freeGigabytes": 12.5}],
          "faults": [
            {"kind": "answers", "code": 32768, "times": 2}, {"kind": "answersAtOnce", "times": 1}, {"kind": "inUse", "jobType": 170, "after": "1h", "for": "30s"}, {"kind": "accessDenied"},
            {"kind": "emptyResult"}, {"kind": "localisedTexts"}, {"kind": "jobFails", "errorCode": 32768, "description": "x", "atPercent": 40, "state": "critical", "times": 1},
            {"kind": "jobEnds", "jobState": 10, "errorCode": 1}, {"kind": "jobOfAnotherClass", "jobClass": "migrationJob"}, {"kind": "percentGoesBack", "atPercent": 60, "by": 30},
            {"kind": "leaves", "atPercent": 40, "after": "1h", "returnsAfter": "1h"}, {"kind": "renamed", "to": "x", "after": "10m"}, {"kind": "recoveryPointsGone", "after": "10m"},
            {"kind": "diskMissing", "disk": 2}, {"kind": "slowCalls", "delay": "30s"}, {"kind": "eventsLost", "percent": 50}, {"kind": "eventsLate", "delay": "30s"}, {"kind": "hostRestarts", "atPercent": 30, "times": 1}],
          "virtualMachines": [{
            "name": "sql-01", "id": "8f14e45f-ceea-467f-a0e6-0b1c6a3f9a10", "diskGigabytes": 240, "disks": 3, "changedGigabytes": 3.5, "state": "committed", "mode": "extendedReplica",
            "health": "warning", "power": "off", "recoveryHistory": 3, "applicationConsistentHours": 2, "sinceLastReplication": "1h", "extended": true, "peerState": "recovered",
            "checkpoints": ["before"], "present": false, "authentication": "kerberos", "certificate": "old", "ownerNode": "HV-2",
            "guest": {"bootTime": "1m", "bootFails": true, "applicationCritical": true, "integrationServices": false, "shutdownTime": "5m", "ignoresShutdown": true, "hangsAfter": "1h"}, "startupAction": "always", "version": "9.0", "memoryMegabytes": 2048, "tpm": true, "hasTpmKeys": false, "iso": "C:\\x.iso",
            "isoExists": false, "adapters": [{"name": "LAN", "switch": "prod", "connected": false, "vlan": 10, "staticMac": "00155D010203", "addresses": ["10.0.0.5"]}], "faults": [{"kind": "jobVanishes", "atPercent": 40}, {"kind": "percentStuck", "atPercent": 40}, {"kind": "stepStuck", "jobType": 12, "atPercent": 40, "vanishes": true, "times": 1}]}]},
          {"name": "HP-EAST-09"}],
          "pairs": [{"home": "HP-EAST-09", "recovery": "HV-WEST-09", "megabitsPerSecond": 500, "latency": "20ms", "lossPercent": 0.1,
            "cuts": [{"after": "1h", "for": "10m", "towards": "HP-EAST-09"}], "virtualMachines": [{"name": "sql-02", "scenario": "reversed", "diskGigabytes": 240}]}],
          "stateDirectory": "state"}
        """;

    private static readonly string[] RulesBetweenKeys =
    [
        "unique ", "one entry for each", "a DNS name", "an absolute Windows path", "before the certificate expires", "a platform that supports", "a return code other than", "a host of the", "a host that is in no other pair", "an IP address",
        "7, 8, 9, 10, 32768 or another",
    ];

    private static readonly SchemaDocument WholeDocument = new(Schema.AsObject(), Everything);

    [Fact]
    public void The_whole_document_is_valid_to_both()
    {
        Errors(WholeDocument.Whole).ShouldBeEmpty();
        WholeDocument.Validator.IsValid(WholeDocument.Whole).ShouldBeTrue();
    }

    [Property(MaxTest = 1000)]
    public void A_document_that_the_reader_accepts_is_valid_and_one_of_another_structure_is_not(DoNotSize<int> seed)
    {
        var document = WholeDocument.Changed(new Random(seed.Item));

        var errors = Errors(document);
        if (errors.Count == 0 || !errors.All(BeyondSchemas))
        {
            WholeDocument.Validator.IsValid(document).ShouldBe(errors.Count == 0, $"{document.ToJsonString()}: {string.Join(' ', errors.Select(error => error.Message))}");
        }
    }

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

        KnownKeys(Document(Host(new JsonObject { ["guest"] = new JsonObject() })), root => root["hosts"]![0]!["virtualMachines"]![0]!["guest"]!.AsObject()).ShouldBe(Keys(Definition("guest")));
        KnownKeys(Document(Host(new JsonObject { ["adapters"] = new JsonArray(new JsonObject()) })), root => root["hosts"]![0]!["virtualMachines"]![0]!["adapters"]![0]!.AsObject())
            .ShouldBe(Keys(Definition("adapter")));
        foreach (var (definition, inner) in new[] { ("pair", new JsonObject()), ("linkCut", new JsonObject { ["cuts"] = new JsonArray(new JsonObject()) }), ("pairMachine", new JsonObject { ["virtualMachines"] = new JsonArray(new JsonObject()) }) })
        {
            var document = Document([]);
            document["pairs"] = new JsonArray(inner);
            KnownKeys(document, root => (root["pairs"]![0]!.AsObject() is { Count: > 0 } pair ? pair.First().Value![0]! : root["pairs"]![0]!).AsObject()).ShouldBe(Keys(Definition(definition)));
        }

        var generated = new JsonObject { ["generate"] = new JsonObject() };
        KnownKeys(generated, root => root["generate"]!.AsObject()).ShouldBe(Keys(Definition("generator")));
    }

    [Theory]
    [MemberData(nameof(FaultKinds))]
    public void Every_fault_has_the_keys_of_the_reader(string kind)
        => KnownKeys(Document(new JsonObject { ["faults"] = new JsonArray(new JsonObject { ["kind"] = kind }) }), root => root["hosts"]![0]!["faults"]![0]!.AsObject())
            .ShouldBe(Keys(Definition("fault." + kind)));

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

    /// <summary>What no schema says: how long a duration may be, forms of names, and what depends on other keys or other hosts.</summary>
    private static bool BeyondSchemas(DocumentError error) => !error.Message.Contains(" is missing", StringComparison.Ordinal) && (
        (error.Allowed.StartsWith("a duration from", StringComparison.Ordinal) && DurationText.TryRead(error.Value, out _))
        || (error.Path.Split('.')[^1] is "changedGigabytes" or "freeGigabytes" or "by" && error.Allowed is not ("a number from 0 to 65536" or "a number from 0 to 1000000000" or "a number from 1 to 99"))
        || Array.Exists(RulesBetweenKeys, rule => error.Allowed.StartsWith(rule, StringComparison.Ordinal)));

    private static IReadOnlyList<DocumentError> Errors(JsonNode document) => EstateDocument.Parse(document.ToJsonString(), "estate.json").Errors;

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
            .Select(reference => reference!["$ref"]!.GetValue<string>()["#/$defs/fault.".Length..]).Order(StringComparer.Ordinal)];

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
}
