using HostAgent.Hosting.Settings;
using Microsoft.Extensions.Configuration;

namespace HostAgent.Hosting.Tests.Settings;

public sealed class CommandLineTests
{
    private static readonly CommandLine Line = new("Test", [new("--data", "DIRECTORY", "Data", "Where things are.")], "Wait 00:01:00");

    [Fact]
    public void Switches_and_settings_are_taken_with_their_values_in_either_form()
    {
        var (configuration, errors) = Parse("--data", "a", "--Test:Wait=00:00:01", "--Logging:LogLevel:Default", "None", "--DATA=b");

        errors.ShouldBeEmpty();
        (configuration["Test:Data"], configuration["Test:Wait"], configuration["Logging:LogLevel:Default"]).ShouldBe(("b", "00:00:01", "None"));
    }

    [Fact]
    public void Unknown_switch_stray_word_and_missing_value_are_reported_together_and_the_rest_is_taken()
    {
        var (configuration, errors) = Parse("stray", "--colour", "red", "--data", "a", "--Test:Wait");

        errors.ShouldBe(
        [
            "'stray' is not a switch; it must be one of --data, or --Section:Key, each with a value.",
            "'--colour' is not a switch; it must be one of --data, or --Section:Key, each with a value.",
            "'--Test:Wait' has no value; it must be followed by one.",
        ]);
        configuration["Test:Data"].ShouldBe("a");
    }

    [Fact]
    public void Help_names_every_switch() => Line.Described.ShouldBe(
    [
        ("--data DIRECTORY", "Where things are."),
        ("--Section:Key VALUE", "Any other setting, for example --Test:Wait 00:01:00."),
    ]);

    private static (IConfiguration Configuration, List<string> Errors) Parse(params string[] args)
    {
        var builder = new ConfigurationBuilder();
        var errors = new List<string>();
        Line.AddTo(builder, args, errors);
        return (builder.Build(), errors);
    }
}
