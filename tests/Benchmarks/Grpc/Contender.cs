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

    /// <summary>Loads a fresh server from a fresh client, window by window until the load is warm.</summary>
    public async Task<GrpcRound> MeasureAsync(RoundPlan plan, ChannelSecurity security, Workload workload, ConformancePki pki, CancellationToken cancellation)
    {
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new PeerProcess(
            Server.Start("benchmark-server", security, pki),
            line => port.TrySetResult(JsonSerializer.Deserialize<JsonElement>(line).GetProperty("port").GetInt32()));
        var address = $"127.0.0.1:{await PortAsync(port.Task, server, cancellation)}";
        var windows = new List<Measurement>();
        var warm = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var client = new PeerProcess(
            Client.Start("benchmark-client", security, pki, "--address", address, "--window", Seconds(plan.Window), "--workload", workload.ToString()),
            line =>
            {
                if (!warm.Task.IsCompleted)
                {
                    windows.Add(JsonSerializer.Deserialize<Measurement>(line, JsonSerializerOptions.Web)!);
                    if (plan.WarmUp.IsOver([.. windows.Select(window => window.PerSecond)]))
                    {
                        warm.TrySetResult();
                    }
                }
            });
        // The load goes on for as long as the client lives.
        var ending = client.EndAsync();
        return await Task.WhenAny(warm.Task, ending).WaitAsync(cancellation) == warm.Task
            ? GrpcRound.Of(windows, plan.WarmUp)
            : throw new InvalidOperationException($"{Name} measured {windows.Count} windows of {workload} over {security}, and then its client ended. {await ending}");
    }

    private async Task<int> PortAsync(Task<int> port, PeerProcess server, CancellationToken cancellation)
    {
        var first = await Task.WhenAny(port, server.EndAsync()).WaitAsync(StartPatience, cancellation);
        return first == port ? await port : throw new InvalidOperationException($"{Name}'s server did not start. {await server.EndAsync()}");
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture) + "s";
}
