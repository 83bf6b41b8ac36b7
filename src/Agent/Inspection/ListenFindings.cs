using System.Net;
using System.Net.Sockets;
using HostAgent.Agent.Configuration;

namespace HostAgent.Agent.Inspection;

/// <summary>Says whether the agent's address is free, or taken as it must be when the agent runs.</summary>
internal static class ListenFindings
{
    private const string Part = "port";

    /// <summary>Judges a trial.</summary>
    /// <param name="listen">The address, with a port of its own.</param>
    /// <param name="refusal">Why the system did not give it; null when it did.</param>
    /// <param name="agentRuns">Whether an agent runs with these settings.</param>
    public static Finding Of(IPEndPoint listen, SocketError? refusal, bool agentRuns) => (refusal, agentRuns) switch
    {
        (null, false) => Finding.Ok(Part, $"{listen} is free"),
        (null, true) => Finding.Warning(Part, $"no program listens on {listen}, but an agent is running: it was started with another address, or it is starting or stopping"),
        (SocketError.AddressAlreadyInUse, true) => Finding.Ok(Part, $"{listen} is in use, and an agent is running: 'check' asks it whether it serves"),
        (SocketError.AddressAlreadyInUse, false) => Finding.Failed(Part, $"{listen} is in use by another program: end it, or choose another {Setting}"),
        (SocketError.AddressNotAvailable, _) => Finding.Failed(Part, $"{listen} is not an address of this machine: choose another {Setting}"),
        (SocketError.AccessDenied, _) => Finding.Failed(Part, $"{listen} is not allowed for this account, or reserved by the system: choose another {Setting}"),
        _ => Finding.Failed(Part, $"the agent cannot listen on {listen} ({refusal})"),
    };

    /// <summary>Judges an address whose port the system is to choose.</summary>
    public static Finding OfAnyPort(IPEndPoint listen) => Finding.Ok(Part, $"a free one of {listen.Address} is chosen when the agent starts");

    private static string Setting => $"{AgentOptions.Section}:{nameof(AgentOptions.Listen)}";
}
