using Grpc.Core;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Agent.Tests.Bugs;

/// <summary>Each call for such a machine ended as INTERNAL, and its item hung in STARTING until it was told that the call had never been received.</summary>
public sealed class NameThatXmlCannotCarryTests
{
    [Fact]
    public async Task The_call_is_refused_with_the_check_and_nothing_is_started()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1) with { Name = "bad\uFFFFname" }));

        var result = await agent.Operator.InitiateAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)));

        result.Failure.ShouldNotBeNull();
        result.Failure.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        result.Failure.Reason.ShouldBe("NOT_READY");
        result.Failure.PreconditionViolations.ShouldHaveSingleItem().Type.ShouldBe("REPLICATION_SETTINGS_NOT_WRITABLE");
        agent.Initiations.ShouldBe(0);
    }

    [Fact]
    public async Task Overrides_that_XML_cannot_carry_are_an_invalid_argument()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var request = Calls.Request(Guid.NewGuid(), Stage.Id(1));
        request.Overrides = new ReplicationSettings { AdditionalSettings = "x\uFFFFy" };

        var result = await agent.Operator.InitiateAsync(request);

        result.Failure!.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        result.Failure.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("overrides.additional_settings");
    }
}
