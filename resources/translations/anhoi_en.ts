<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Browser</name>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <translation>
            <numerusform>%Ln photo</numerusform>
            <numerusform>%Ln photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ComparisonCard</name>
    <message numerus="yes">
        <source>%Ln query(s) are too few to tell which pair finds better.</source>
        <translation>
            <numerusform>%Ln query is too few to tell which pair finds better.</numerusform>
            <numerusform>%Ln queries are too few to tell which pair finds better.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message numerus="yes">
        <source>%n unexpected error(s) occurred.</source>
        <translation>
            <numerusform>%n unexpected error occurred.</numerusform>
            <numerusform>%n unexpected errors occurred.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DataBar</name>
    <message numerus="yes">
        <source>My marks (%Ln query(s))</source>
        <translation>
            <numerusform>My marks (%Ln query)</numerusform>
            <numerusform>My marks (%Ln queries)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Deleting</name>
    <message numerus="yes">
        <source>It has embedded %Ln photo(s), which take {size}. To search with it again, all of them have to be embedded once more, and that takes time.</source>
        <translation>
            <numerusform>It has embedded %Ln photo, which takes {size}. To search with it again, it has to be embedded once more, and that takes time.</numerusform>
            <numerusform>It has embedded %Ln photos, which take {size}. To search with it again, all of them have to be embedded once more, and that takes time.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DownloadStrip</name>
    <message numerus="yes">
        <source>%Ln more waiting</source>
        <translation>
            <numerusform>%Ln more waiting</numerusform>
            <numerusform>%Ln more waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Exporter</name>
    <message numerus="yes">
        <source>%n photo(s) copied to {folder}.</source>
        <translation>
            <numerusform>%n photo copied to {folder}.</numerusform>
            <numerusform>%n photos copied to {folder}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be read: gone, or not permitted.</source>
        <translation>
            <numerusform>%n could not be read: gone, or not permitted.</numerusform>
            <numerusform>%n could not be read: gone, or not permitted.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FiguresCard</name>
    <message numerus="yes">
        <source>%Ln photo(s) left out: {names}</source>
        <translation>
            <numerusform>%Ln photo left out: {names}</numerusform>
            <numerusform>%Ln photos left out: {names}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderRows</name>
    <message numerus="yes">
        <source>%Ln photo(s) missing: confirm…</source>
        <translation>
            <numerusform>%Ln photo missing: confirm…</numerusform>
            <numerusform>%Ln photos missing: confirm…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problem(s)</source>
        <translation>
            <numerusform>%Ln problem</numerusform>
            <numerusform>%Ln problems</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) waiting</source>
        <translation>
            <numerusform>%Ln photo waiting</numerusform>
            <numerusform>%Ln photos waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <translation>
            <numerusform>%Ln photo</numerusform>
            <numerusform>%Ln photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Intake</name>
    <message numerus="yes">
        <source>%n photo(s) from outside the watched folders.</source>
        <translation>
            <numerusform>%n photo from outside the watched folders.</numerusform>
            <numerusform>%n photos from outside the watched folders.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add %n folder(s)</source>
        <translation>
            <numerusform>Add %n folder</numerusform>
            <numerusform>Add %n folders</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message numerus="yes">
        <source>%Ln more</source>
        <translation>
            <numerusform>%Ln more</numerusform>
            <numerusform>%Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelWords</name>
    <message numerus="yes">
        <source>%Ln language(s), with {first}</source>
        <translation>
            <numerusform>%Ln language, with {first}</numerusform>
            <numerusform>%Ln languages, with {first}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln second(s)</source>
        <translation>
            <numerusform>%Ln second</numerusform>
            <numerusform>%Ln seconds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln minute(s)</source>
        <translation>
            <numerusform>%Ln minute</numerusform>
            <numerusform>%Ln minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hour(s)</source>
        <translation>
            <numerusform>%Ln hour</numerusform>
            <numerusform>%Ln hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s)</source>
        <translation>
            <numerusform>%Ln day</numerusform>
            <numerusform>%Ln days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) wait for their drive</source>
        <translation>
            <numerusform>%Ln photo waits for its drive</numerusform>
            <numerusform>%Ln photos wait for their drive</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{done} of %Ln photo(s) embedded</source>
        <translation>
            <numerusform>{done} of %Ln photo embedded</numerusform>
            <numerusform>{done} of %Ln photos embedded</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OtherPairBar</name>
    <message numerus="yes">
        <source>%Ln photo(s) are not embedded by it yet</source>
        <translation>
            <numerusform>%Ln photo is not embedded by it yet</numerusform>
            <numerusform>%Ln photos are not embedded by it yet</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PageBar</name>
    <message numerus="yes">
        <source>%Ln problem(s)</source>
        <translation>
            <numerusform>%Ln problem</numerusform>
            <numerusform>%Ln problems</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoActions</name>
    <message numerus="yes">
        <source>At most %n photo(s) can be opened at once.</source>
        <translation>
            <numerusform>At most %n photo can be opened at once.</numerusform>
            <numerusform>At most %n photos can be opened at once.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) copied; paste them into any folder.</source>
        <translation>
            <numerusform>%n photo copied; paste it into any folder.</numerusform>
            <numerusform>%n photos copied; paste them into any folder.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n path(s) copied.</source>
        <translation>
            <numerusform>%n path copied.</numerusform>
            <numerusform>%n paths copied.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) are gone, or their drive is not connected.</source>
        <translation>
            <numerusform>%n photo is gone, or its drive is not connected.</numerusform>
            <numerusform>%n photos are gone, or their drive is not connected.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoPanel</name>
    <message numerus="yes">
        <source>%n photo(s) chosen</source>
        <translation>
            <numerusform>%n photo chosen</numerusform>
            <numerusform>%n photos chosen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProblemsPage</name>
    <message numerus="yes">
        <source>%Ln file(s) could not be read</source>
        <translation>
            <numerusform>%Ln file could not be read</numerusform>
            <numerusform>%Ln files could not be read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) of it can still be found, but not opened.</source>
        <translation>
            <numerusform>%Ln photo of it can still be found, but not opened.</numerusform>
            <numerusform>%Ln photos of it can still be found, but not opened.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The process that runs the models broke off and was started anew %Ln time(s).</source>
        <translation>
            <numerusform>The process that runs the models broke off and was started anew once.</numerusform>
            <numerusform>The process that runs the models broke off and was started anew %Ln times.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProgressStrip</name>
    <message numerus="yes">
        <source>Indexing stopped; %Ln photo(s) cannot be found yet</source>
        <translation>
            <numerusform>Indexing stopped; %Ln photo cannot be found yet</numerusform>
            <numerusform>Indexing stopped; %Ln photos cannot be found yet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>New models wait for the drive of %Ln photo(s)</source>
        <translation>
            <numerusform>New models wait for the drive of %Ln photo</numerusform>
            <numerusform>New models wait for the drive of %Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln could not be read</source>
        <translation>
            <numerusform>%Ln could not be read</numerusform>
            <numerusform>%Ln could not be read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln second(s) left</source>
        <translation>
            <numerusform>%Ln second left</numerusform>
            <numerusform>%Ln seconds left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln minute(s) left</source>
        <translation>
            <numerusform>%Ln minute left</numerusform>
            <numerusform>%Ln minutes left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hour(s) left</source>
        <translation>
            <numerusform>%Ln hour left</numerusform>
            <numerusform>%Ln hours left</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecommendationCard</name>
    <message numerus="yes">
        <source>%Ln processor core(s)</source>
        <translation>
            <numerusform>%Ln processor core</numerusform>
            <numerusform>%Ln processor cores</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>For your %Ln photo(s), reckoned from a machine that was measured.</source>
        <translation>
            <numerusform>For your %Ln photo, reckoned from a machine that was measured.</numerusform>
            <numerusform>For your %Ln photos, reckoned from a machine that was measured.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrayIcon</name>
    <message numerus="yes">
        <source>%Ln photo(s) in “{folder}” can be searched now.</source>
        <translation>
            <numerusform>%Ln photo in “{folder}” can be searched now.</numerusform>
            <numerusform>%Ln photos in “{folder}” can be searched now.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Counted</name>
    <message numerus="yes">
        <source>Show %n more photo(s)</source>
        <translation>
            <numerusform>Show %n more photo</numerusform>
            <numerusform>Show %n more photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n similar photo(s) behind it</source>
        <translation>
            <numerusform>%n similar photo behind it</numerusform>
            <numerusform>%n similar photos behind it</numerusform>
        </translation>
    </message>
</context>
</TS>
