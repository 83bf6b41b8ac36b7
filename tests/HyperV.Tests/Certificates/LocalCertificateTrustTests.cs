using System.Security.Cryptography.X509Certificates;
using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Tests.Readiness;
using HostAgent.HyperV.Tests.Scripted;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Tests.Certificates;

public sealed class LocalCertificateTrustTests
{
    [Theory]
    [InlineData(300)]
    [InlineData(-1)]
    public async Task A_chain_that_ends_in_no_trusted_root_is_told_and_validity_is_not(int until)
    {
        var certificate = TestCertificate.Make(until: TimeSpan.FromDays(until));
        var trust = await new LocalCertificateTrust(new FakeTimeProvider(ScriptedHost.Now)).JudgeAsync(certificate, X509RevocationMode.NoCheck, CancellationToken.None);
        trust.ChainProblems.ShouldContain(problem => problem.StartsWith("UntrustedRoot", StringComparison.Ordinal) || problem.StartsWith("PartialChain", StringComparison.Ordinal));
        trust.ChainProblems.ShouldNotContain(problem => problem.Contains("Time", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_judgement_serves_for_a_minute()
    {
        var time = new FakeTimeProvider(ScriptedHost.Now);
        var trust = new LocalCertificateTrust(time);
        var certificate = TestCertificate.Make();
        var first = await JudgeAsync();
        time.Advance(TimeSpan.FromSeconds(59));
        (await JudgeAsync()).ShouldBeSameAs(first);
        (await trust.JudgeAsync(TestCertificate.Make(), X509RevocationMode.NoCheck, CancellationToken.None)).ShouldNotBeSameAs(first);
        first = await JudgeAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        (await JudgeAsync()).ShouldNotBeSameAs(first);

        Task<CertificateTrust> JudgeAsync() => trust.JudgeAsync(certificate, X509RevocationMode.NoCheck, CancellationToken.None);
    }

    [Fact]
    public async Task Off_windows_the_private_key_is_not_told()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has a computer store.");
        var trust = await new LocalCertificateTrust(new FakeTimeProvider(ScriptedHost.Now)).JudgeAsync(TestCertificate.Make(), X509RevocationMode.NoCheck, CancellationToken.None);
        trust.HasPrivateKey.ShouldBeNull();
    }
}
