using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Contracts.Tests;

/// <summary>What callers in other languages have built on, and what may therefore not change.</summary>
public sealed class FailbackContractTests
{
    [Fact]
    public void InitiateFailback_streams_progress_from_the_service_named_Failback()
    {
        var service = Contracts.Failback.V1.Failback.Descriptor;
        service.FullName.ShouldBe("hyperv.failback.v1.Failback");
        var method = service.FindMethodByName("InitiateFailback");
        method.IsServerStreaming.ShouldBeTrue();
        method.IsClientStreaming.ShouldBeFalse();
        method.OutputType.Name.ShouldBe(nameof(FailbackProgress));
    }

    [Theory]
    [InlineData("InitiateFailbackRequest", "virtual_machine_id", "replication_setting_data", "recovery_point", "operation_id")]
    [InlineData("FailbackOperation", "return_code", "return_code_number", "job")]
    [InlineData("Job", "path", "class_name", "state", "error_code")]
    public void Every_input_and_output_of_the_hosts_method_has_its_place(string message, params string[] fields)
    {
        var descriptor = FailbackReflection.Descriptor.MessageTypes.Concat(OperationReflection.Descriptor.MessageTypes).Single(type => type.Name == message);
        fields.ShouldAllBe(field => descriptor.FindFieldByName(field) != null);
    }

    [Fact]
    public void Every_published_return_code_has_a_name_and_an_unknown_one_has_a_place()
    {
        string[] published =
        [
            "Completed", "JobStarted", "Failed", "AccessDenied", "NotSupported", "StatusUnknown", "Timeout", "InvalidParameter",
            "SystemInUse", "InvalidState", "IncorrectDataType", "SystemNotAvailable", "OutOfMemory", "FileNotFound",
        ];
        Enum.GetNames<ReturnCode>().ShouldBe(["Unspecified", .. published, "Unknown"]);
    }

    [Fact]
    public void ReplicationState_is_the_hosts_number_plus_one()
    {
        ((int)ReplicationState.Disabled).ShouldBe(0 + 1);
        ((int)ReplicationState.Replicating).ShouldBe(3 + 1);
        ((int)ReplicationState.FailbackInProgress).ShouldBe(13 + 1);
        ((int)ReplicationState.FailbackComplete).ShouldBe(14 + 1);
        ((int)ReplicationState.FiredrillInProgress).ShouldBe(21 + 1);
    }
}
