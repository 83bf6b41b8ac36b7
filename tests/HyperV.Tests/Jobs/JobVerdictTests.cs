using HostAgent.HyperV.Jobs;

namespace HostAgent.HyperV.Tests.Jobs;

public sealed class JobVerdictTests
{
    [Theory]
    [InlineData(2, JobVerdict.Live, false)]
    [InlineData(3, JobVerdict.Live, false)]
    [InlineData(4, JobVerdict.Live, false)]
    [InlineData(5, JobVerdict.Live, false)]
    [InlineData(6, JobVerdict.Live, false)]
    [InlineData(7, JobVerdict.Succeeded, true)]
    [InlineData(8, JobVerdict.Terminated, true)]
    [InlineData(9, JobVerdict.Undecided, true)]
    [InlineData(10, JobVerdict.Failed, true)]
    [InlineData(11, JobVerdict.Live, false)]
    [InlineData(12, JobVerdict.Live, false)]
    [InlineData(32768, JobVerdict.SucceededWithWarnings, true)]
    [InlineData(0, JobVerdict.Unrecognized, false)]
    [InlineData(13, JobVerdict.Unrecognized, false)]
    [InlineData(40000, JobVerdict.Unrecognized, false)]
    public void Every_state_has_its_verdict(int state, JobVerdict verdict, bool terminal)
    {
        JobVerdicts.Judge((JobState)state, errorCode: 0).ShouldBe(verdict);
        JobVerdicts.IsTerminal((JobState)state).ShouldBe(terminal);
    }

    [Fact]
    public void A_completed_job_with_an_error_code_has_failed()
        => JobVerdicts.Judge(JobState.Completed, errorCode: 32768).ShouldBe(JobVerdict.Failed);

    [Fact]
    public void A_completed_job_with_warnings_has_succeeded_whatever_its_error_code()
        => JobVerdicts.Judge(JobState.CompletedWithWarnings, errorCode: 32768).ShouldBe(JobVerdict.SucceededWithWarnings);
}
