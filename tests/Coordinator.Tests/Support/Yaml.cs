namespace HostAgent.Coordinator.Tests.Support;

internal static class Yaml
{
    /// <summary>A campaign over every host, with whatever else the test wants of it, one line for each key of the spec.</summary>
    public static string Campaign(string name = "return-to-east", params string[] spec) => string.Join('\n',
    [
        "apiVersion: failback/v1",
        "kind: Campaign",
        $"metadata: {{name: {name}, labels: {{ticket: DR-1042}}}}",
        "spec:",
        "  targets: [{hosts: {site: west}}]",
        .. Array.Exists(spec, line => line.StartsWith("waves", StringComparison.Ordinal)) ? Array.Empty<string>() : ["  waves: [{name: all}]"],
        "  retry: {attempts: 4, initial: 20ms, max: 100ms, jitter: 0}",
        .. spec.Select(line => "  " + line),
    ]);
}
