using System.Management.Automation;
using System.Text.Json;

namespace HostAgent.Deploy.Tests.Windows;

/// <summary>Installing gives the agent exactly what it needs, and installing again changes nothing.</summary>
public sealed class InstallTests : DeploymentTest
{
    [Fact]
    public void Service_runs_under_its_own_account_from_the_folder_of_its_version()
    {
        var result = Install(Windows.Publish("1.0.0"));

        result.Version.ShouldBe("1.0.0");
        var service = Windows.Service.ShouldNotBeNull();
        service.Properties["StartName"].Value.ShouldBe(@"NT SERVICE\HostAgent");
        service.Properties["PathName"].Value.ShouldBe($"\"{Path.Combine(PathOf("1.0.0"), "HostAgent.Agent.exe")}\" --settings \"{Windows.Settings}\"");
        service.Properties["StartMode"].Value.ShouldBe("Automatic");
        service.Properties["Failure"].Value.ShouldBe("restart/1000/restart/5000/restart/30000");
        service.Properties["State"].Value.ShouldBe("Running");
        File.Exists(Path.Combine(PathOf("1.0.0"), "appsettings.json")).ShouldBeTrue();
    }

    [Fact]
    public void Service_is_in_hyper_v_administrators_and_in_no_other_group()
    {
        Install(Windows.Publish("1.0.0"));

        Windows.Members.ShouldHaveSingleItem().ShouldBe(@"NT SERVICE\HostAgent");
        Windows.Changes.Count(change => change.StartsWith("Add-LocalGroupMember", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Journal_is_the_services_to_write_and_the_key_only_to_read_and_nobody_elses_at_all()
    {
        Install(Windows.Publish("1.0.0"));

        const string others = @"/inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F NT SERVICE\HostAgent:(OI)(CI)";
        Windows.AccessTo().ShouldBe(others + "RX /Q");
        Windows.AccessTo("data").ShouldBe(others + "M /Q");
        Windows.AccessTo("certificates").ShouldBe(others + "RX /Q");
    }

    [Fact]
    public void Rights_are_there_before_the_key_is_and_before_the_service_starts()
    {
        Install(Windows.Publish("1.0.0"));

        var changes = Windows.Changes.ToList();
        var rights = changes.FindIndex(change => change.StartsWith("icacls.exe", StringComparison.Ordinal) && change.EndsWith("certificates", StringComparison.Ordinal));
        changes.FindIndex(change => change.EndsWith("hv-key.pem", StringComparison.Ordinal)).ShouldBeGreaterThan(rights);
        changes[^1].ShouldBe("Start-Service HostAgent");
    }

    [Fact]
    public void Firewall_lets_the_coordinators_in_to_this_service_on_its_port()
    {
        Install(Windows.Publish("1.0.0"), ("Port", 7500));

        var rule = Windows.FirewallRule.ShouldNotBeNull();
        rule.Properties["LocalPort"].Value.ShouldBe("7500");
        rule.Properties["RemoteAddress"].Value.ShouldBe(new[] { "10.0.0.5" });
        rule.Properties["Service"].Value.ShouldBe("HostAgent");
        rule.Properties["Direction"].Value.ShouldBe("Inbound");
    }

    [Fact]
    public void Old_windows_gets_tls_1_2_in_its_settings_and_others_do_not()
    {
        Install(Windows.Publish("1.0.0"), ("AllowTls12", true));

        JsonDocument.Parse(File.ReadAllText(Windows.Settings)).RootElement.GetProperty("HostAgent").GetProperty("AllowTls12").GetBoolean().ShouldBeTrue();
        File.Delete(Windows.Settings);

        Install(Windows.Publish("1.0.0"));

        JsonDocument.Parse(File.ReadAllText(Windows.Settings)).RootElement.GetProperty("HostAgent").TryGetProperty("AllowTls12", out _).ShouldBeFalse();
    }

    [Fact]
    public void Settings_name_the_port_the_journal_and_the_certificates()
    {
        Install(Windows.Publish("1.0.0"), ("Port", 7500));

        var settings = JsonDocument.Parse(File.ReadAllText(Windows.Settings)).RootElement.GetProperty("HostAgent");
        settings.GetProperty("Listen").GetString().ShouldBe("0.0.0.0:7500");
        settings.GetProperty("Data").GetString().ShouldBe(Path.Combine(Windows.DataRoot, "data"));
        File.ReadAllText(settings.GetProperty("PrivateKeyPath").GetString()!).ShouldBe("key");
        File.ReadAllText(settings.GetProperty("CertificatePath").GetString()!).ShouldBe("certificate");
        File.ReadAllText(settings.GetProperty("AuthorityPath").GetString()!).ShouldBe("authority");
    }

    [Fact]
    public void Second_time_changes_nothing()
    {
        var source = Windows.Publish("1.0.0");
        Install(source).Changes.Count.ShouldBeGreaterThan(8);
        Windows.ForgetChanges();

        Install(source).Changes.ShouldBeEmpty();

        Windows.Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Settings_that_an_operator_has_edited_stay()
    {
        var source = Windows.Publish("1.0.0");
        Install(source);
        File.WriteAllText(Windows.Settings, "edited");

        Install(source);

        File.ReadAllText(Windows.Settings).ShouldBe("edited");
    }

    [Fact]
    public void What_somebody_has_taken_away_is_put_back_and_said()
    {
        var source = Windows.Publish("1.0.0");
        Install(source);
        Windows.Service!.Properties["StartName"].Value = "LocalSystem";
        Windows.FirewallRule!.Properties["RemoteAddress"].Value = new[] { "Any" };

        Install(source).Changes.ShouldBe(["set the service", "set the firewall rule", "started the service"]);

        Windows.Service!.Properties["StartName"].Value.ShouldBe(@"NT SERVICE\HostAgent");
        Windows.FirewallRule!.Properties["RemoteAddress"].Value.ShouldBe(new[] { "10.0.0.5" });
    }

    [Fact]
    public void Renewed_certificate_is_copied_and_the_agent_started_anew()
    {
        var source = Windows.Publish("1.0.0");
        Install(source);
        File.WriteAllText(Certificate, "renewed");

        Install(source).Changes.ShouldBe(["copied agent.pem", "started the service"]);

        File.ReadAllText(Path.Combine(Windows.DataRoot, "certificates", "agent.pem")).ShouldBe("renewed");
    }

    [Fact]
    public void Agent_is_given_time_to_serve()
    {
        Install(Windows.Publish("1.0.0", checksUntilServing: 5));

        Windows.Waited.ShouldBe(4);
    }

    [Fact]
    public void Agent_that_does_not_serve_fails_the_installation_with_its_own_words()
    {
        var failure = Should.Throw<RuntimeException>(() => Install(Windows.Publish("1.0.0", serves: false), ("HealthTimeoutSeconds", 30)));

        failure.Message.ShouldContain("does not serve after 30 s");
        failure.Message.ShouldContain("version 1.0.0 is deaf");
        Windows.Waited.ShouldBe(30);
    }

    [Fact]
    public void What_if_changes_nothing()
    {
        Install(Windows.Publish("1.0.0"), ("WhatIf", true)).Changes.ShouldBeEmpty();

        Windows.Changes.ShouldBeEmpty();
        Directory.Exists(Windows.InstallRoot).ShouldBeFalse();
        Directory.Exists(Windows.DataRoot).ShouldBeFalse();
    }

    [Fact]
    public void What_if_on_an_installed_host_changes_nothing()
    {
        var source = Windows.Publish("1.0.0");
        Install(source);
        File.WriteAllText(Certificate, "renewed");
        Windows.ForgetChanges();

        Install(source, ("WhatIf", true), ("CoordinatorAddress", new[] { "10.0.0.6" })).Changes.ShouldBeEmpty();

        Windows.Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Agent_looks_at_the_host_with_what_it_would_be_installed_with()
    {
        var source = Windows.Publish("1.0.0");
        Install(source, ("Port", 7500));
        Install(source);

        var files = $"--certificate {Certificate} --private-key {Key} --authority {Authority}";
        File.ReadAllLines(source + ".inspections").ShouldBe(
        [
            $"inspect --listen 0.0.0.0:7500 --data {Path.Combine(Windows.DataRoot, "data")} {files}",
            $"inspect --settings {Windows.Settings} {files}",
        ]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Agent_that_could_not_do_its_work_is_refused_with_its_own_words_before_anything_is_changed(bool whatIf)
    {
        var source = Windows.Publish("1.0.0", inspectionExitCode: 1, inspection: "OK      settings: host hv\nFAILED  host: Hyper-V is not installed.\nFAILED  port: 0.0.0.0:7443 is taken");

        var failure = Should.Throw<RuntimeException>(() => Install(source, ("WhatIf", whatIf)));

        failure.Message.ShouldEndWith("nothing was changed. FAILED  host: Hyper-V is not installed. FAILED  port: 0.0.0.0:7443 is taken");
        Windows.Changes.ShouldBeEmpty();
        Directory.Exists(Windows.InstallRoot).ShouldBeFalse();
    }

    [Fact]
    public void Settings_that_the_agent_does_not_take_are_refused_with_each_error()
        => Should.Throw<RuntimeException>(() => Install(Windows.Publish("1.0.0", inspectionExitCode: 2, inspection: "HostAgent:Speed is '0'.\nHostAgent:Colour is not a setting.")))
            .Message.ShouldEndWith("nothing was changed. HostAgent:Speed is '0'. HostAgent:Colour is not a setting.");

    [Fact]
    public void What_the_agent_warns_of_is_a_warning_of_the_installation()
    {
        Install(Windows.Publish("1.0.0", inspection: "OK      settings: host hv\nWARNING certificate: renew it"));

        Windows.Warnings.ShouldBe(["certificate: renew it"]);
        Windows.Service.ShouldNotBeNull();
    }

    [Fact]
    public void Folder_that_is_no_agent_is_refused_by_name_before_anything_is_changed()
    {
        var empty = Path.GetDirectoryName(Certificate)!;

        var failure = Should.Throw<RuntimeException>(() => Install(empty));

        failure.Message.ShouldContain(empty);
        failure.Message.ShouldContain("HostAgent.Agent.exe");
        Windows.Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Certificate_that_does_not_exist_is_refused_before_anything_is_changed()
    {
        File.Delete(Key);

        Should.Throw<RuntimeException>(() => Install(Windows.Publish("1.0.0"))).Message.ShouldContain("hv-key.pem");

        Windows.Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Other_version_is_refused_with_the_script_that_can_go_back()
    {
        Install(Windows.Publish("1.0.0"));
        Windows.ForgetChanges();

        Should.Throw<RuntimeException>(() => Install(Windows.Publish("1.1.0"))).Message.ShouldContain("Update-HostAgent.ps1");

        Windows.Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Refusal_of_windows_is_an_error_with_its_number()
    {
        Windows.ChangeAnswer = 22;

        Should.Throw<RuntimeException>(() => Install(Windows.Publish("1.0.0"))).Message.ShouldContain("Win32_Service.Change of HostAgent answered 22 for StartName");

        Windows.Changes.ShouldNotContain("Start-Service HostAgent");
    }

    [Fact]
    public void Installation_that_was_cut_off_goes_on_where_it_was()
    {
        Windows.ChangeAnswer = 22;
        var source = Windows.Publish("1.0.0");
        Should.Throw<RuntimeException>(() => Install(source));
        Windows.ChangeAnswer = 0;

        Install(source);

        Windows.Service!.Properties["State"].Value.ShouldBe("Running");
        Windows.Service!.Properties["StartName"].Value.ShouldBe(@"NT SERVICE\HostAgent");
    }

    [Fact]
    public void Copy_that_was_cut_off_is_not_taken_for_a_version()
    {
        Directory.CreateDirectory(PathOf("1.0.0") + ".partial");
        File.WriteAllText(Path.Combine(PathOf("1.0.0") + ".partial", "half"), "");

        Install(Windows.Publish("1.0.0"));

        Directory.GetFiles(PathOf("1.0.0")).Select(Path.GetFileName).ShouldNotContain("half");
    }
}
