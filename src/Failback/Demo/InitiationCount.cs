using Grpc.Core;
using HostAgent.Cli;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Failback.Demo.Nodes;
using HostAgent.Transport;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Tls;
using FailbackClient = HostAgent.Contracts.Failback.V1.Failback.FailbackClient;

namespace HostAgent.Failback.Demo;

/// <summary>Reads the number of accepted initiations from every simulated host, independently of the coordinator.</summary>
internal static class InitiationCount
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(30);

    /// <summary>The sum over all hosts.</summary>
    public static async Task<long> AskAsync(IEnumerable<IDemoNode> agents, MutualTlsOptions files, TimeProvider time, CancellationToken cancellationToken)
    {
        using var identity = MutualTlsIdentity.Load(files, time);
        var counts = await Task.WhenAll(agents.Select(agent => AskAsync(agent, identity, time, cancellationToken)));
        return counts.Sum();
    }

    private static async Task<long> AskAsync(IDemoNode agent, MutualTlsIdentity identity, TimeProvider time, CancellationToken cancellationToken)
    {
        using var channel = MutualTlsChannel.Create(agent.Address, identity, PeerRole.Agent, agent.Name);
        var options = new CallOptions(deadline: time.GetUtcNow().UtcDateTime + LongestCall, cancellationToken: cancellationToken);
        var host = await new FailbackClient(channel).GetHostAsync(new GetHostRequest(), options);
        return host.HasSimulatedInitiations
            ? host.SimulatedInitiations
            : throw new CommandException(ExitCode.Failed, $"{agent.Name} did not report how many initiations its host has accepted.");
    }
}
