using HostAgent.Agent;
using HostAgent.Coordinator;
using HostAgent.Hosting;
using HostAgent.HyperV.Simulation.Estates;
using Microsoft.AspNetCore.Builder;

namespace HostAgent.Failback.Servers;

/// <summary>A server: how to create it in this process, and which verb runs it in another.</summary>
/// <param name="Verb">The verb of this program that runs it.</param>
/// <param name="Purpose">Its purpose, in one sentence.</param>
/// <param name="Switches">Its command line switches with their meaning.</param>
/// <param name="CreateAsync">Creates it from its command line.</param>
internal sealed record NodeProgram(string Verb, string Purpose, IReadOnlyList<(string Switch, string Meaning)> Switches, Func<string[], Task<WebApplication>> CreateAsync)
{
    public static NodeProgram Agent { get; } = new("run-agent", "Run the agent of one Hyper-V host, real or simulated, until it is stopped.", AgentApplication.Switches, AgentApplication.CreateAsync);

    /// <summary>The agents of one process on hosts of one estate, which the first of them parses.</summary>
    public static NodeProgram AgentsTogether()
    {
        var estates = new ParsedEstates();
        return Agent with { CreateAsync = arguments => AgentApplication.CreateAsync(arguments, estates) };
    }

    public static NodeProgram Coordinator { get; } = new("run-coordinator", "Run the coordinator until it is stopped.", CoordinatorApplication.Switches, arguments => Task.FromResult(CoordinatorApplication.Create(arguments)));

    /// <summary>The error lines of a failed start; null when the exception is something else.</summary>
    public static IReadOnlyList<string>? Refusal(Exception exception) => exception switch
    {
        StartException refusal => refusal.Lines,
        // Kestrel throws this when it cannot bind an address.
        IOException listen => [listen.Message],
        _ => null,
    };
}
