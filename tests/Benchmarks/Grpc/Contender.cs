using System.Globalization;
using System.Text.Json;
using HostAgent.Conformance.Peers;
using HostAgent.Conformance.Security;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>A server in one process and a client in another.</summary>
internal sealed record Contender(string Name, PeerProgram Server, PeerProgram Client)
{
    /// <summary>Our server and our client.</summary>
    public const string Ours = "HostAgent";

    /// <summary>grpc-go's server and client.</summary>
    public const string Go = "grpc-go";

    /// <summary>grpc-js's server and client.</summary>
    public const string Node = "grpc-js";

    /// <summary>Our server and grpc-go's client: compared with <see cref="Go"/>, only the server differs.</summary>
    public const string OurServer = "HostAgent server, grpc-go client";

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(20);

    /// <summary>Why it cannot run here; null when it can.</summary>
    public string? Missing => Server.Missing ?? Client.Missing;

    public static async Task<IReadOnlyList<Contender>> AllAsync()
    {
        var ours = new PeerProgram(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "HostAgent.Benchmarks.exe" : "HostAgent.Benchmarks"), null, new Dictionary<string, string>(), null);
        var go = await PeerPrograms.FindAsync(PeerKind.Go);
        var node = await PeerPrograms.FindAsync(PeerKind.Node);
        return [new(Ours, ours, ours), new(OurServer, ours, go), new(Go, go, go), new(Node, node, node)];
    }

    /// <summary>Measures every workload once over one kind of connection.</summary>
    public async Task<IReadOnlyList<Measurement>> MeasureAsync(RoundPlan plan, ChannelSecurity security, ConformancePki pki, CancellationToken cancellation)
    {
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new PeerProcess(
            Server.Start("benchmark-server", security, pki),
            line => port.TrySetResult(JsonSerializer.Deserialize<JsonElement>(line).GetProperty("port").GetInt32()));
        var address = $"127.0.0.1:{await PortAsync(port.Task, server, cancellation)}";
        var found = new List<Measurement>();
        await using var client = new PeerProcess(
            Client.Start("benchmark-client", security, pki, ["--address", address, "--warm-up", Seconds(plan.WarmUp), "--measure", Seconds(plan.Measured), .. Workload.All.SelectMany(workload => new[] { "--workload", workload.ToString() })]),
            line => found.Add(JsonSerializer.Deserialize<Measurement>(line, JsonSerializerOptions.Web)!));
        var ending = await client.EndAsync().WaitAsync(cancellation);
        return found.Count == Workload.All.Count ? found : throw new InvalidOperationException($"{Name} measured {found.Count} of {Workload.All.Count} workloads over {security}. {ending}");
    }

    private async Task<int> PortAsync(Task<int> port, PeerProcess server, CancellationToken cancellation)
    {
        var first = await Task.WhenAny(port, server.EndAsync()).WaitAsync(StartPatience, cancellation);
        return first == port ? await port : throw new InvalidOperationException($"{Name}'s server did not start. {await server.EndAsync()}");
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture) + "s";
}
