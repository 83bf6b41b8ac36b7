using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Services;

namespace HostAgent.HyperV.Tests.Services;

public sealed class ReplicationServiceMethodsTests
{
    [Theory]
    [InlineData("InitiateFailback", "ComputerSystem ReplicationSettingData RecoveryPointIdentifier", "Job")]
    [InlineData("InitiateFailover", "ComputerSystem SnapshotSettingData", "Job")]
    [InlineData("CommitFailover", "ComputerSystem", "Job")]
    [InlineData("RevertFailover", "ComputerSystem", "Job")]
    [InlineData("ReverseReplicationRelationship", "ComputerSystem ReplicationSettingData", "Job")]
    [InlineData("ChangeReplicationModeToPrimary", "ComputerSystem ReplicationRelationship", "Job")]
    [InlineData("CreateReplicationRelationship", "ComputerSystem ReplicationSettingData", "Job")]
    [InlineData("ModifyReplicationSettings", "ComputerSystem ReplicationSettingData", "Job")]
    [InlineData("RemoveReplicationRelationship", "ComputerSystem", "Job")]
    [InlineData("RemoveReplicationRelationshipEx", "ComputerSystem ReplicationRelationship", "Job")]
    [InlineData("StartReplication", "ComputerSystem InitialReplicationType InitialReplicationExportLocation StartTime", "Job")]
    [InlineData("Resynchronize", "ComputerSystem StartTime", "Job")]
    [InlineData("ImportInitialReplica", "ComputerSystem InitialReplicationImportLocation", "Job")]
    [InlineData("TestReplicaSystem", "ComputerSystem SnapshotSettingData", "ResultingSystem Job")]
    [InlineData("TestReplicationConnection", "RecoveryConnectionPoint RecoveryServerPortNumber AuthenticationType CertificateThumbPrint BypassProxyServer", "Job")]
    [InlineData("GetReplicationStatistics", "ComputerSystem", "ReplicationStatistics ReplicationHealthIssues Job")]
    [InlineData("GetReplicationStatisticsEx", "ComputerSystem ReplicationRelationship", "ReplicationStatistics ReplicationHealthIssues Job")]
    [InlineData("ResetReplicationStatistics", "ComputerSystem", "Job")]
    [InlineData("ResetReplicationStatisticsEx", "ComputerSystem ReplicationRelationship", "Job")]
    [InlineData("GetSystemCertificates", "", "EncodedCertificates")]
    [InlineData("AddAuthorizationEntry", "AuthorizationEntry", "Job")]
    [InlineData("ModifyAuthorizationEntry", "AuthorizationEntry", "Job")]
    [InlineData("RemoveAuthorizationEntry", "AllowedPrimaryHostSystem", "Job")]
    [InlineData("SetAuthorizationEntry", "ComputerSystem AuthorizationEntry", "Job")]
    [InlineData("SetFailoverNetworkAdapterSettings", "ComputerSystem NetworkSettings", "Job")]
    [InlineData("ModifyServiceSettings", "SettingData", "Job")]
    [InlineData("RequestStateChange", "RequestedState TimeoutPeriod", "Job")]
    [InlineData("StartService", "", "")]
    [InlineData("StopService", "", "")]
    public void Every_method_has_its_published_parameters(string name, string inputs, string outputs)
    {
        var method = ReplicationServiceMethods.Find(name.ToUpperInvariant()).ShouldNotBeNull();
        string.Join(' ', method.Inputs.Select(parameter => parameter.Name)).ShouldBe(inputs);
        string.Join(' ', method.Outputs.Select(parameter => parameter.Name)).ShouldBe(outputs);
        ReplicationServiceMethods.All.Count.ShouldBe(29);
    }

    [Fact]
    public void Machines_and_snapshots_are_references_and_embedded_instances_are_text()
    {
        foreach (var parameter in ReplicationServiceMethods.All.SelectMany(method => method.Parameters))
        {
            switch (parameter.Name)
            {
                case "ComputerSystem" or "SnapshotSettingData" or "ResultingSystem" or "Job":
                    parameter.Type.ShouldBe(CimType.Reference);
                    break;
                case "ReplicationSettingData" or "ReplicationRelationship" or "AuthorizationEntry" or "ReplicationStatistics" or "NetworkSettings":
                    parameter.Type.ShouldBe(CimType.String);
                    break;
            }
        }
    }

    [Fact]
    public void A_method_that_the_service_lacks_is_not_found() => ReplicationServiceMethods.Find("InitiatePlannedFailover").ShouldBeNull();
}
