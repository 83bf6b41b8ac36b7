using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Tests.Shared.Processes;

/// <summary>The person who answers what machines of a campaign ask: whatever brings them home and gives nothing up.</summary>
internal sealed class HeldMachines(Cluster cluster)
{
    // The first that is legal is given.
    private static readonly string[] Answers = ["REVERT_HOME", "APPROVE_OUTAGE", "START_HOME", "START_RECOVERY", "CANCEL_PREPARED", "RECHECK", "GO_HOME"];

    /// <summary>What was asked, and what was answered.</summary>
    public List<string> Answered { get; } = [];

    /// <summary>Looks at a held machine, and answers.</summary>
    /// <exception cref="RpcException">The coordinator is gone, or it has gone on since it was shown.</exception>
    public async Task AnswerAsync(Item item, CancellationToken cancellationToken)
    {
        var name = $"returns/{item.VirtualMachineId}";
        var returns = cluster.Returns;
        var shown = await returns.GetReturnAsync(new GetReturnRequest { Name = name }, cancellationToken: cancellationToken);
        if (shown is { Step: null, Next: { Kind: NextKind.Ask } asked } && Answers.FirstOrDefault(answer => asked.Choices.Any(choice => choice.Verb == answer && choice.Loses == ReturnSide.Unspecified)) is { } verb)
        {
            await returns.AnswerReturnAsync(new AnswerReturnRequest { Name = name, Verb = verb, Evidence = asked.Evidence, Reason = "nothing is given up" }, cancellationToken: cancellationToken);
            Answered.Add($"{item.VirtualMachineName} {asked.Code} {verb}");
        }
        else if (shown is { Step: null, Next: { Kind: NextKind.Approval } needed })
        {
            await returns.ApproveReturnAsync(new ApproveReturnRequest { Name = name, Gate = needed.Gate, Evidence = needed.Evidence }, cancellationToken: cancellationToken);
            Answered.Add($"{item.VirtualMachineName} {needed.Gate} approved");
        }
    }
}
