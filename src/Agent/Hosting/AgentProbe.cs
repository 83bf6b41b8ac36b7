using System.Globalization;
using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using HostAgent.Agent.Configuration;
using HostAgent.Hosting;
using HostAgent.Hosting.Settings;
using HostAgent.Transport;
using HostAgent.Transport.Channels;

namespace HostAgent.Agent.Hosting;

/// <summary>
/// Asks the agent that runs with the same settings whether it serves, as a caller would: through its port, over mutual TLS, by the standard
/// health service. For service managers and for the update script, which have no certificate of their own.
/// </summary>
internal static class AgentProbe
{
    /// <summary>The first word of its command line.</summary>
    public const string VerbName = "check";

    private static readonly TimeSpan AnswerTakesAtMost = TimeSpan.FromSeconds(10);

    /// <summary>Asks once and says in one line what came of it.</summary>
    /// <param name="args">The settings of the agent that runs.</param>
    /// <param name="time">The clock by which certificates are judged.</param>
    /// <returns>Whether the agent serves, and the line.</returns>
    /// <exception cref="StartException">The settings are wrong.</exception>
    public static async Task<(bool Serves, string Line)> AskAsync(string[] args, TimeProvider time)
    {
        var errors = new List<string>();
        var options = AgentSettings.Read(args, errors);
        using var identity = AgentSettings.RequireIdentity(options, time, errors);
        var address = AddressOf(IPEndPoint.Parse(options.Listen));
        using var channel = MutualTlsChannel.Create(address, identity, PeerRole.Agent, identity.Peer.Name);
        try
        {
            var answer = await new Health.HealthClient(channel).CheckAsync(
                new HealthCheckRequest(), deadline: time.GetUtcNow().UtcDateTime + AnswerTakesAtMost);
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? (true, $"Agent {identity.Peer.Name} at {address} serves.")
                : (false, $"Agent {identity.Peer.Name} at {address} does not serve: {answer.Status}.");
        }
        catch (RpcException exception)
        {
            return (false, $"Agent {identity.Peer.Name} at {address} does not answer: {RpcFailure.From(exception).Message}");
        }
    }

    // An agent that listens on every address is reached on this machine's own.
    private static Uri AddressOf(IPEndPoint listen)
    {
        if (listen.Port == 0)
        {
            throw new StartException([new SettingError(nameof(AgentOptions.Listen), listen, "an address with a port from 1 to 65535: only the agent itself knows which port it took for 0").ToLine(AgentOptions.Section)]);
        }

        var address = listen.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : listen.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : listen.Address;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"https://{new IPEndPoint(address, listen.Port)}"));
    }
}
