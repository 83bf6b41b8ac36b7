using System.Reflection;
using Google.Protobuf.Reflection;
using HostAgent.Coordinator.Services;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Services;

public sealed class MethodRolesTests
{
    private static readonly string[] Reading =
        ["GetServerInfo", "ValidateCampaign", "PlanCampaign", "ExportRunbook", "GetCampaign", "ListCampaigns", "GetItem", "ExplainCampaign", "ListItems", "WatchCampaign", "WatchCampaigns", "ExportReport", "ExportAudit"];

    [Fact]
    public void Operators_may_do_everything_to_campaigns_and_viewers_may_read()
    {
        foreach (var method in Contracts.Campaigns.V1.Campaigns.Descriptor.Methods)
        {
            Roles<CampaignsService>(method).ShouldBe(Reading.Contains(method.Name) ? [PeerRole.Operator, PeerRole.Viewer] : [PeerRole.Operator], method.Name);
        }
    }

    [Fact]
    public void Operators_and_viewers_may_read_hosts()
    {
        foreach (var method in Contracts.Campaigns.V1.Hosts.Descriptor.Methods)
        {
            Roles<HostsService>(method).ShouldBe([PeerRole.Operator, PeerRole.Viewer], method.Name);
        }
    }

    [Fact]
    public void Operators_may_do_everything_to_returns_and_viewers_may_read()
    {
        string[] reading = ["GetReturn", "ListReturns", "WatchReturn", "CheckReturn", "GetReturnAudit"];
        foreach (var method in Contracts.Campaigns.V1.Returns.Descriptor.Methods)
        {
            Roles<ReturnsService>(method).ShouldBe(reading.Contains(method.Name) ? [PeerRole.Operator, PeerRole.Viewer] : [PeerRole.Operator], method.Name);
        }
    }

    [Fact]
    public void Operators_may_start_and_end_drills_and_viewers_may_read()
    {
        string[] changing = ["StartDrill", "EndDrill"];
        foreach (var method in Contracts.Campaigns.V1.Drills.Descriptor.Methods)
        {
            Roles<DrillsService>(method).ShouldBe(changing.Contains(method.Name) ? [PeerRole.Operator] : [PeerRole.Operator, PeerRole.Viewer], method.Name);
        }
    }

    [Fact]
    public void Operators_may_test_channels_and_settle_dead_letters_and_viewers_may_read()
    {
        string[] reading = ["ListNotificationChannels", "ListDeadLetters", "GetNotificationAudit"];
        foreach (var method in Contracts.Campaigns.V1.Notifications.Descriptor.Methods)
        {
            Roles<NotificationsService>(method).ShouldBe(reading.Contains(method.Name) ? [PeerRole.Operator, PeerRole.Viewer] : [PeerRole.Operator], method.Name);
        }
    }

    [Theory]
    [InlineData(typeof(NotificationsService), 4, "TestNotificationChannel")]
    [InlineData(typeof(DrillsService), 128, "StartDrill,EndDrill,ListProofs")]
    [InlineData(typeof(ReturnsService), 128, "CreateReturn,GetReturn,AdvanceReturn,CheckReturn,ApproveReturn,AnswerReturn,SetReturnGoal,CancelReturnStep")]
    [InlineData(typeof(CampaignsService), 16, "ValidateCampaign,PlanCampaign,ExportRunbook,CreateCampaign,UpdateCampaign,ExportReport,ExportAudit")]
    [InlineData(typeof(HostsService), 128, "CheckReadiness,GetHost,ListVirtualMachines")]
    public void Costly_methods_are_limited(Type service, int perPeer, string methods)
        => service.GetMethods()
            .Where(method => method.GetCustomAttribute<MaxConcurrentCallsAttribute>()?.PerPeer == perPeer)
            .Select(method => method.Name)
            .ShouldBe(methods.Split(','), ignoreOrder: true);

    private static IReadOnlyList<PeerRole> Roles<TService>(MethodDescriptor method)
        => typeof(TService).GetMethod(method.Name)!.GetCustomAttributes<AuthorizeRolesAttribute>().ShouldHaveSingleItem(method.Name).Allowed;
}
