using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Kinds.Failbacks;
using HostAgent.Agent.Tests.Support;
using HostAgent.Agent.Wire;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;

namespace HostAgent.Agent.Tests.Wire;

public sealed class FailbackRequestsTests
{
    private static readonly FailbackKind Kind = new("hv", null!, FailbackRequests.ReadStored);

    [Fact]
    public void Requests_that_ask_for_the_same_are_equal_whatever_their_spelling_and_epoch()
    {
        var one = Request(request =>
        {
            request.IgnoredChecks.Add(["B", "A", "B"]);
            request.Campaign = new CampaignContext { CampaignId = Stage.Id(5).ToString().ToUpperInvariant(), ItemId = "i", Attempt = 1, Epoch = 1 };
        });
        var other = Request(request =>
        {
            request.OperationId = request.OperationId.ToUpperInvariant();
            request.IgnoredChecks.Add(["A", "B"]);
            request.Campaign = new CampaignContext { CampaignId = Stage.Id(5).ToString(), ItemId = "i", Attempt = 1, Epoch = 9 };
        });

        one.RequestHash.ToArray().ShouldBe(other.RequestHash.ToArray());
    }

    [Fact]
    public void Requests_that_differ_in_any_thing_asked_for_are_not_equal()
    {
        Action<InitiateFailbackRequest>[] differences =
        [
            _ => { },
            request => request.VirtualMachineId = Stage.Id(2).ToString(),
            request => request.Overrides = new ReplicationSettings(),
            request => request.Overrides = new ReplicationSettings { CompressionEnabled = false },
            request => request.RecoveryPoint = new RecoveryPointSelector { LatestApplicationConsistent = true },
            request => request.RecoveryPoint = new RecoveryPointSelector { NotAfter = new Timestamp { Seconds = 1_700_000_000 } },
            request => request.IgnoredChecks.Add("A"),
            request => request.Campaign = new CampaignContext { CampaignId = Stage.Id(5).ToString(), ItemId = "i", Attempt = 1 },
            request => request.Campaign = new CampaignContext { CampaignId = Stage.Id(5).ToString(), ItemId = "i", Attempt = 2 },
        ];

        var hashes = differences.Select(difference => Convert.ToHexString(Request(difference).RequestHash.Span));

        hashes.Distinct(StringComparer.Ordinal).Count().ShouldBe(differences.Length);
    }

    [Fact]
    public void Stored_request_is_read_as_it_was_asked()
    {
        var request = Request(request =>
        {
            request.Overrides = new ReplicationSettings { RecoveryHistory = 3, ReplicationInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(300)) };
            request.RecoveryPoint = new RecoveryPointSelector { Identifier = "Microsoft:P" };
            request.IgnoredChecks.Add("CHECK");
        });

        var order = FailbackRequests.ReadStored(request.Request);

        order.VirtualMachine.ToString().ShouldBe(Stage.Id(1).ToString().ToUpperInvariant());
        order.Overrides.ShouldNotBeNull().RecoveryHistory.ShouldBe(3);
        order.Overrides.ReplicationInterval.ShouldBe(TimeSpan.FromMinutes(5));
        order.RecoveryPoint.ToString().ShouldContain("Microsoft:P");
        order.AcceptedChecks.ShouldBe(["CHECK"]);
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("{6f9619ff-8b86-d011-b42d-00c04fc964ff}")]
    [InlineData("6f9619ff8b86d011b42d00c04fc964ff")]
    [InlineData(" 6f9619ff-8b86-d011-b42d-00c04fc964ff")]
    public void Id_in_another_form_is_refused(string id)
        => Should.Throw<RpcFailure>(() => Request(request => request.OperationId = id)).FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("operation_id");

    [Fact]
    public void Selector_that_chooses_nothing_and_a_time_out_of_range_are_refused()
    {
        Should.Throw<RpcFailure>(() => Request(request => request.RecoveryPoint = new RecoveryPointSelector()))
            .FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("recovery_point");
        Should.Throw<RpcFailure>(() => Request(request => request.RecoveryPoint = new RecoveryPointSelector { NotAfter = new Timestamp { Seconds = long.MaxValue } }))
            .FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("recovery_point.not_after");
    }

    [Fact]
    public void Settings_text_that_is_too_long_is_refused_by_its_size()
    {
        var failure = Should.Throw<RpcFailure>(() => Request(request => request.ReplicationSettingData = new string('x', (256 * 1024) + 1)));

        failure.FieldViolations.ShouldHaveSingleItem().Description.ShouldContain("262145 bytes");
    }

    [Fact]
    public void Settings_text_of_another_machine_is_refused()
    {
        const string Text = """<INSTANCE CLASSNAME="Msvm_ReplicationSettingData"><PROPERTY NAME="VirtualSystemIdentifier" TYPE="string"><VALUE>OTHER</VALUE></PROPERTY></INSTANCE>""";

        Should.Throw<RpcFailure>(() => Request(request => request.ReplicationSettingData = Text))
            .FieldViolations.ShouldHaveSingleItem().Description.ShouldContain("OTHER");
    }

    private static OperationRequest Request(Action<InitiateFailbackRequest> change)
    {
        var request = new InitiateFailbackRequest { OperationId = Stage.Id(900).ToString(), VirtualMachineId = Stage.Id(1).ToString() };
        change(request);
        return FailbackRequests.Read(InitiateFailbackRequest.Parser.ParseFrom(request.ToByteArray()), Kind, new PeerIdentity(PeerRole.Coordinator, "c1", "CN=c1"));
    }
}
