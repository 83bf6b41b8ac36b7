using HostAgent.Agent;
using HostAgent.Coordinator;
using HostAgent.Hosting;
using Microsoft.AspNetCore.Builder;

namespace HostAgent.Failback.Servers;

/// <summary>A server: how it is made in this process, and by which verb in another one.</summary>
/// <param name="Verb">The verb of this program that runs it.</param>
/// <param name="Purpose">What it is for, in one sentence.</param>
/// <param name="Switches">What its command line takes, and what each switch means.</param>
/// <param name="CreateAsync">Builds it from its command line.</param>
internal sealed record NodeProgram(string Verb, string Purpose, IReadOnlyList<(string Switch, string Meaning)> Switches, Func<string[], Task<WebApplication>> CreateAsync)
{
    public static NodeProgram Agent { get; } = new("run-agent", "Run the agent of one Hyper-V host, real or simulated, until it is stopped.", AgentApplication.Switches, AgentApplication.CreateAsync);

    public static NodeProgram Coordinator { get; } = new("run-coordinator", "Run the coordinator until it is stopped.", CoordinatorApplication.Switches, arguments => Task.FromResult(CoordinatorApplication.Create(arguments)));

    /// <summary>The lines of a refusal to start; null when the exception is something else.</summary>
    public static IReadOnlyList<string>? Refusal(Exception exception) => exception switch
    {
        StartException refusal => refusal.Lines,
        // Kestrel throws this for an address that cannot be bound.
        IOException listen => [listen.Message],
        _ => null,
    };
}
