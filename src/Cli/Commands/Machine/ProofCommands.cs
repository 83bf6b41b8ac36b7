using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;

namespace HostAgent.Cli.Commands.Machine;

/// <summary>failback vm proofs.</summary>
internal sealed class MachineProofsCommand : CoordinatorCommand
{
    private readonly Option<bool> _expired = new("--expired") { Description = "Only machines whose newest test was passed and no longer counts." };
    private readonly Option<bool> _missing = new("--missing") { Description = "Only machines that have a replica and were never tested." };
    private readonly Option<bool> _failed = new("--failed") { Description = "Only machines whose newest test failed." };

    public MachineProofsCommand(CommandContext context)
        : base("proofs", "List which replicas are proved to boot, and until when. With --expired, --missing or --failed, which may be given together, exit code 1 when there are any, or when a host could not be asked.", context)
    {
        Add(_expired);
        Add(_missing);
        Add(_failed);
    }

    /// <summary>Reads every page.</summary>
    public static async Task<ListProofsResponse> ReadAsync(CoordinatorConnection coordinator, ListProofsRequest request, CancellationToken cancellationToken)
    {
        request.PageSize = 1000;
        var all = new ListProofsResponse();
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Drills.ListProofsAsync(request, coordinator.Deadline(cancellationToken));
            all.Proofs.AddRange(page.Proofs);
            all.SilentHosts.Clear();
            all.SilentHosts.AddRange(page.SilentHosts);
            return page.NextPageToken;
        });
        return all;
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var request = new ListProofsRequest();
        foreach (var (option, state) in new[] { (_expired, ProofState.Expired), (_missing, ProofState.Missing), (_failed, ProofState.Failed) })
        {
            if (parsed.GetValue(option))
            {
                request.States.Add(state);
            }
        }

        var all = await ReadAsync(coordinator, request, cancellationToken);
        if (all.SilentHosts.Count > 0)
        {
            Results(parsed).Remark(VisibleText.Line($"{string.Join(", ", all.SilentHosts)} could not be asked: which replicas they keep is not known."));
        }

        Results(parsed).Write(all, environment => ProofText.WriteList(environment, all.Proofs));
        return request.States.Count > 0 && all.Proofs.Count + all.SilentHosts.Count > 0 ? ExitCode.Failed : ExitCode.Success;
    }
}
