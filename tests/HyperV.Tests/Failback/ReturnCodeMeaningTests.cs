using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Tests.Failback;

public sealed class ReturnCodeMeaningTests
{
    [Theory]
    [InlineData(0, "COMPLETED", null)]
    [InlineData(4096, "JOB_STARTED", null)]
    [InlineData(32768, "FAILED", RetryClass.FailedJob)]
    [InlineData(32769, "ACCESS_DENIED", RetryClass.Never)]
    [InlineData(32770, "NOT_SUPPORTED", RetryClass.Never)]
    [InlineData(32771, "STATUS_UNKNOWN", RetryClass.RereadState)]
    [InlineData(32772, "TIMEOUT", RetryClass.RereadState)]
    [InlineData(32773, "INVALID_PARAMETER", RetryClass.Never)]
    [InlineData(32774, "SYSTEM_IN_USE", RetryClass.BackOff)]
    [InlineData(32775, "INVALID_STATE", RetryClass.InvalidState)]
    [InlineData(32776, "INCORRECT_DATA_TYPE", RetryClass.Never)]
    [InlineData(32777, "SYSTEM_NOT_AVAILABLE", RetryClass.BackOff)]
    [InlineData(32778, "OUT_OF_MEMORY", RetryClass.BackOff)]
    [InlineData(32779, "FILE_NOT_FOUND", RetryClass.Never)]
    [InlineData(32780, "UNKNOWN_RETURN_CODE", RetryClass.Never)]
    [InlineData(1, "UNKNOWN_RETURN_CODE", RetryClass.Never)]
    public void Every_code_has_its_name_and_retry_class(uint code, string name, RetryClass? retry)
    {
        var meaning = ReturnCodeMeaning.Of((ReturnCode)code);
        meaning.Name.ShouldBe(name);
        meaning.Retry.ShouldBe(retry);
        meaning.IsSuccess.ShouldBe(retry is null);
    }

    [Fact]
    public void Every_failure_says_cause_and_cure()
        => ReturnCodeMeaning.All.Where(m => !m.IsSuccess).ShouldAllBe(m => m.Cause.EndsWith('.') && m.Remedy.EndsWith('.'));

    [Fact]
    public void The_table_has_every_published_code_in_order()
        => ReturnCodeMeaning.All.Select(m => m.Code).ShouldBe(Enum.GetValues<ReturnCode>());

    [Fact]
    public void An_unpublished_number_is_named_in_words()
        => ReturnCodeMeaning.Of((ReturnCode)40000).Cause.ShouldContain("40000");
}
