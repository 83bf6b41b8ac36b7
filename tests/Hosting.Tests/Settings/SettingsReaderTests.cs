using HostAgent.Hosting.Settings;
using Microsoft.Extensions.Configuration;

namespace HostAgent.Hosting.Tests.Settings;

public sealed class SettingsReaderTests
{
    [Fact]
    public void Settings_that_are_allowed_are_read()
    {
        var (settings, errors) = Read(("Name", "a"), ("Count", "3"), ("Wait", "00:00:05"), ("Share", "0.5"), ("Numbers:0", "1"), ("Numbers:1", "2"));

        errors.ShouldBeEmpty();
        (settings.Name, settings.Count, settings.Wait, settings.Share).ShouldBe(("a", 3, TimeSpan.FromSeconds(5), 0.5));
        settings.Numbers.ShouldBe([1, 2]);
    }

    [Fact]
    public void Everything_that_is_wrong_is_reported_at_once_with_key_value_and_what_is_allowed()
    {
        var (_, errors) = Read(
            ("Count", "11"), ("Wait", "soon"), ("Share", "0"), ("Numbers:0", "x"), ("Numbers:1", "99"), ("Colour", "red"), ("File", "/nowhere"), ("Listen", "nowhere"), ("Flag", "maybe"));

        errors.ShouldBe(
            [
                "Test:Wait is 'soon'; it must be a time (d.hh:mm:ss) from 00:00:01 to 00:01:00.",
                "Test:Numbers:0 is 'x'; it must be a whole number from 0 to 9.",
                "Test:Colour is not a setting; it must be one of Name, Count, Wait, Share, Numbers, File, Listen, Flag, Inner, Named.",
                "Test:Flag is 'maybe'; it must be true or false.",
                "Test:Name is not set; it must be a name.",
                "Test:Count is '11'; it must be a whole number from 1 to 10.",
                "Test:Share is '0'; it must be a number above 0, at most 1.",
                "Test:File is '/nowhere'; it must be the path of an existing file, a document.",
                "Test:Listen is 'nowhere'; it must be an IP address and a port, such as 127.0.0.1:1.",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void A_rule_over_several_settings_is_checked_unless_its_setting_could_not_be_read()
    {
        Read(("Name", "a"), ("Count", "10"), ("Share", "0.1")).Errors.ShouldBe(["Test:Share is '0.1'; it must be at least 0.5 when Count is 10."]);
        Read(("Name", "a"), ("Count", "10"), ("Share", "little")).Errors.ShouldHaveSingleItem().ShouldStartWith("Test:Share is 'little'");
    }

    [Fact]
    public void Settings_of_a_group_are_read_and_checked_with_the_rest()
    {
        Read(("Name", "a"), ("Inner:Size", "7")).Settings.Inner.Size.ShouldBe(7);
        Read(("Name", "a")).Settings.Inner.Size.ShouldBe(1);
        Read(("Count", "11"), ("Inner:Size", "10"), ("Inner:Colour", "red")).Errors.ShouldBe(
            [
                "Test:Name is not set; it must be a name.",
                "Test:Count is '11'; it must be a whole number from 1 to 10.",
                "Test:Inner:Size is '10'; it must be a whole number from 1 to 9.",
                "Test:Inner:Colour is not a setting; it must be one of Size.",
            ],
            ignoreOrder: true);
        Read(("Name", "a"), ("Inner", "7")).Errors.ShouldBe(["Test:Inner is '7'; it must be set by its own settings, such as Test:Inner:Size."]);
    }

    [Fact]
    public void Groups_by_names_of_the_author_are_read_and_checked_each()
    {
        Read(("Name", "a"), ("Named:First:Size", "7"), ("Named:second:Size", "8")).Settings.Named.Select(group => (group.Key, group.Value.Size)).ShouldBe([("first", 7), ("second", 8)], ignoreOrder: true);
        Read(("Name", "a")).Settings.Named.ShouldBeEmpty();
        Read(("Name", "a"), ("Named:first:Size", "10"), ("Named:second:Colour", "red"), ("Named:a_b:Size", "1"), ("Named:third", "7")).Errors.ShouldBe(
            [
                "Test:Named:first:Size is '10'; it must be a whole number from 1 to 9.",
                "Test:Named:second:Colour is not a setting; it must be one of Size.",
                "Test:Named:a_b has the name 'a_b'; it must be 1 to 63 of a-z, 0-9 and '-', starting with a letter.",
                "Test:Named:third is '7'; it must be set by its own settings, such as Test:Named:NAME:Size.",
            ],
            ignoreOrder: true);
    }

    private static (TestSettings Settings, List<string> Errors) Read(params (string Key, string Value)[] values)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create($"Test:{value.Key}", (string?)value.Value)))
            .Build();
        var errors = new List<string>();
        return (SettingsReader.Read<TestSettings>(configuration, "Test", errors), errors);
    }

    internal sealed class TestSettings : ISettingsRules
    {
        [NotBlank("a name", IsRequired = true)]
        public string Name { get; set; } = "";

        [WholeNumber(1, 10)]
        public int Count { get; set; } = 1;

        [Duration("00:00:01", "00:01:00")]
        public TimeSpan? Wait { get; set; }

        [Number(0, 1, MinimumIsExclusive = true)]
        public double Share { get; set; } = 1;

        [WholeNumber(0, 9)]
        public int[] Numbers { get; set; } = [];

        [ExistingFile("a document")]
        public string? File { get; set; }

        [EndPoint("127.0.0.1:1")]
        public string? Listen { get; set; }

        public bool Flag { get; set; }

        public TestGroup Inner { get; set; } = new();

        public Dictionary<string, TestGroup> Named { get; set; } = [];

        public IEnumerable<SettingError> Check()
            => Count == 10 && Share < 0.5 ? [new SettingError(nameof(Share), Share, "at least 0.5 when Count is 10")] : [];
    }

    internal sealed class TestGroup : ISettingsGroup
    {
        [WholeNumber(1, 9)]
        public int Size { get; set; } = 1;
    }
}
