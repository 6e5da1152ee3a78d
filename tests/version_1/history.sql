BEGIN TRANSACTION;
CREATE TABLE refreshes (at INTEGER PRIMARY KEY, source, region, plan, five_hour_used, five_hour_total, five_hour_resets_at, weekly_used, weekly_total, weekly_resets_at, monthly_used, monthly_total, monthly_resets_at);
INSERT INTO "refreshes" VALUES(1795399500,'web','intl','Coding Plan Pro 编程',52,1000,NULL,800.5,5000,1795500400,4000,9000,1796300400);
INSERT INTO "refreshes" VALUES(1795399800,'cli','cn','',NULL,NULL,NULL,801,5000,1795500400,NULL,NULL,NULL);
INSERT INTO "refreshes" VALUES(1795400100,'token','intl','Lite',9.2233720368547758078e+18,1.84467440737095516156e+19,NULL,NULL,NULL,NULL,4001,9000,NULL);
INSERT INTO "refreshes" VALUES(1795400400,'web','intl','Coding Plan Pro 编程',0,1000,1795404000,NULL,NULL,NULL,NULL,NULL,NULL);
COMMIT;
PRAGMA user_version = 1;
