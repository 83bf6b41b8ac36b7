using HostAgent.Agent;
using HostAgent.Coordinator;
using Microsoft.AspNetCore.Builder;

namespace HostAgent.Cli.Demo.Nodes;

/// <summary>A server that a demo runs: how it is made in this process, and by which hidden verb in another one.</summary>
/// <param name="Verb">The verb of this program that runs it.</param>
/// <param name="Create">Builds it from its command line.</param>
internal sealed record NodeProgram(string Verb, Func<string[], WebApplication> Create)
{
    /// <summary>The agent of one host.</summary>
    public static NodeProgram Agent { get; } = new("run-agent", AgentApplication.Create);

    /// <summary>The coordinator.</summary>
    public static NodeProgram Coordinator { get; } = new("run-coordinator", CoordinatorApplication.Create);

    /// <summary>The lines of a refusal to start; null when the exception is something else.</summary>
    public static IReadOnlyList<string>? Refusal(Exception exception) => exception switch
    {
        AgentStartException agent => agent.Lines,
        CoordinatorStartException coordinator => coordinator.Lines,
        // Kestrel's word for an address that cannot be listened on.
        IOException listen => [listen.Message],
        _ => null,
    };
}
