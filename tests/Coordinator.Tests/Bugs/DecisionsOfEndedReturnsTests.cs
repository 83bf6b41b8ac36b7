using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Bugs;

/// <summary>Who approved or answered for a return that has ended shows no evidence, for none was shown: the refusal spoke of the missing evidence, and not of the end. And one that was refused was said to be handed over.</summary>
public sealed class DecisionsOfEndedReturnsTests
{
    [Fact]
    public async Task Approval_and_answer_after_the_end_are_told_of_the_end()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        await stage.CreateAsync();
        await stage.StepUntilAsync(NextKind.Approval);
        await stage.Returns.SetReturnGoalAsync(new SetReturnGoalRequest { Name = ReturnStage.Name, Goal = ReturnGoal.Stop });

        var ended = await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name });
        ended.EndTime.ShouldNotBeNull();
        (await RefusedAsync(async () => await stage.Returns.ApproveReturnAsync(new ApproveReturnRequest { Name = ReturnStage.Name, Gate = "OUTAGE", Evidence = ended.Next.Evidence }))).ShouldBe("RETURN_ENDED");
        (await RefusedAsync(async () => await stage.Returns.AnswerReturnAsync(new AnswerReturnRequest { Name = ReturnStage.Name, Verb = "STOP_HOME", Evidence = ended.Next.Evidence }))).ShouldBe("RETURN_ENDED");
    }

    [Fact]
    public async Task Return_that_was_refused_is_not_called_handed_over()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver with { Extended = true }, ReturnStage.OldPrimary);
        await stage.CreateAsync();

        var refused = await Should.ThrowAsync<Grpc.Core.RpcException>(async () => await stage.Returns.AdvanceReturnAsync(new AdvanceReturnRequest { Name = ReturnStage.Name, RunToEnd = true }));
        RpcFailure.From(refused).Message.ShouldBe($"{ReturnStage.Name} has ended: it is refused, EXTENDED");
    }

    private static async Task<string> RefusedAsync(Func<Task> call) => RpcFailure.From(await Should.ThrowAsync<Grpc.Core.RpcException>(call)).Reason;
}
